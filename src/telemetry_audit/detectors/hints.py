"""What the name of a value's place says of it: `customerName` holds a person's name, `widgetName` does not.

Hints work on the words of a name (`first_name`, `firstName`, `FIRSTNAME`), because `date` stands inside of `updatedValue`. A plain `name`
is a person's only under a word for a person: `customer.name`, `users/0/name`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from telemetry_audit.detectors.word_set import word_set

NO_HINTS: frozenset[str] = frozenset()
OPAQUE = frozenset(("opaque",))
"""An id, a time or a count stands there: digits are no card's."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", re.ASCII)
_FOLD = str.maketrans(
    "áàâäãåąéèêëęěíìîïıóòôöõőøúùûüűůñńçćčłśšşżźžřýğ", "aaaaaaaeeeeeeiiiiiooooooouuuuuunnccclssszzzryg"
)

_PEOPLE = word_set("""
accountholder applicant approver assignee attendee author beneficiary borrower buyer candidate cardholder citizen client colleague contact
creator customer debtor doctor driver emergencycontact employee father guest guardian holder insured lead manager member mitarbeiter mother
nominee nurse owner passenger patient payee payer people person physician player profile recipient reporter requester resident reviewer
salesperson seller sender shopper signatory signer spouse staff student subscriber supervisor teacher traveler traveller tutor user visitor voter
worker kunde kunden kundin cliente usuario paciente empleado alumno benutzer nutzer patientin utilisateur salarie eleve klant gebruiker klient
pracownik participant collaborator invitee inviter mentor emp
""")
_PART_OF_NAME = word_set(
    "billing birth christian family first fore full given last legal maiden middle nick second shipping sur"
)
_NAMES = word_set("""
surname forename firstname lastname fullname givenname familyname middlename maidenname nickname nachname vorname realname apellido
apellidos prenom nom cognome achternaam voornaam createdby updatedby modifiedby assignedto approvedby requestedby submittedby personname fname
sharedwith lname kundenname patientenname imie nazwisko jmeno prijmeni fornavn etternavn efternavn fornamn efternamn etunimi sukunimi keresztnev
vezeteknev
prenume soyad soyadi adsoyad sobrenome nomecompleto nombrecompleto nomcomplet nextofkin hoten hovaten tenkhachhang
""")
_LISTS = word_set("list items nodes edges node entries all")
_CARRIERS = word_set("value val v raw formatted")
"""Names that say nothing of what they carry: `phone.value` holds what `phone` holds."""

_BY = word_set("createdby updatedby modifiedby assignedto approvedby requestedby submittedby sharedwith")
_PARTS_OF_NAME = word_set("first last given family middle surname forename maiden")
"""Names of the parts of a person's name, under a word for a person or for the name: `contact.first`, `customer.name.family`."""

_FOREIGN = {
    **dict.fromkeys(
        word_set(
            "氏名 姓名 名前 お名前 顧客名 担当者 担当者名 客户姓名 이름 성명 имя фамилия отчество фио клиент пациент сотрудник όνομα επώνυμο שם الاسم"
        ),
        "name",
    ),
    **dict.fromkeys(
        word_set("電話 電話番号 携帯 携帯番号 电话 手机 手机号 手机号码 전화 전화번호 телефон τηλέφωνο טלפון الهاتف"),
        "phone",
    ),
    **dict.fromkeys(word_set("住所 地址 주소 адрес διεύθυνση כתובת العنوان"), "postal"),
    **dict.fromkeys(word_set("生年月日 出生日期 생년월일 датарождения"), "birth"),
    **dict.fromkeys(word_set("密码 пароль パスワード 비밀번호"), "secret"),
}
"""Whole names in other scripts, in small letters and without marks."""

_LOGINS = word_set("username userlogin loginname loginid useraccount samaccountname")
_PHONES = word_set("""
phone telephone tel mobile cell cellphone msisdn whatsapp fax telefon telefono telefone mobil handy sms landline phonenumber mobilenumber
mobilephone
""")
_CARDS = word_set("card creditcard debitcard cardnumber ccnumber cc pan paymentcard ccnum cardno")
_NATIONAL = word_set("""
aadhaar aadhar ahv avs bsn cedula cnp cnpj codicefiscale cpf cpr cuil cuit curp dni egn fiscalcode fodselsnummer hetu identitycard idcard idnr
idnumber insee nationalid nationalinsurance nationalidnumber nhs nhsnumber nie nif nin nino nir oib passport rrn isikukood teudatzehut nric
kennitala amka ppsn jmbg emso itin taxfilenumber medicare medicarenumber driverlicense driverslicense driverlicence driverslicence drivinglicence
drivinglicense
passportnumber personalid personnummer pesel
rfc rodnecislo rut sin socialinsurance socialsecurity socialsecuritynumber ssn steuerid steuernummer sozialversicherungsnummer securitesociale
socialinsurance taxid taxnumber tckn tfn tin
""")
_BIRTH = word_set("dob birthdate birthday dateofbirth birthdate geburtsdatum geburtstag born bornon birth")
_POSTAL = word_set("""
street streetaddress addressline address1 address2 addressline1 addressline2 homeaddress postaladdress mailingaddress billingaddress
shippingaddress deliveryaddress residentialaddress contactaddress strasse anschrift adresse customeraddress
""")
_SECRETS = word_set("""
password passwd pwd passphrase passcode secret clientsecret secretkey secretaccesskey apisecret accesstoken refreshtoken idtoken authtoken
bearertoken privatekey signingkey encryptionkey accountkey sharedaccesskey sessiontoken apikey apitoken accesskey xapikey connectionstring
dbpassword sessioncookie awssecretaccesskey otp jwt bearer secretkeybase pgpassword bottoken csrftoken xsrftoken resettoken invitetoken
invitationtoken verificationtoken confirmationtoken logintoken usertoken admintoken servicetoken deploytoken oauthtoken ssotoken slacktoken
githubtoken gitlabtoken npmtoken discordtoken telegramtoken hubspottoken notiontoken jiratoken databrickstoken vaulttoken personaltoken
""")
_OPAQUE = word_set("""
id ids uid guid time timestamp ts at date seq sequence count counter total size bytes length duration elapsed ms us ns hash nonce seed offset
index version build revision epoch uptime memory heap trace span checksum crc score latency position width height digest etag random salt
amount order invoice ticket tracking ref reference serial ean gtin upc isbn barcode sku imei batch job sha
fingerprint signature commit cachekey sortkey primarykey idempotencykey
""")


def words_of(name: str) -> list[str]:
    """The words of a name in camelCase, snake_case or any other, in lower case and without the umlauts and accents of Latin letters."""
    return [word.lower() for word in _WORD.findall(name if name.isascii() else name.lower().translate(_FOLD))]


def hints_of(path: Sequence[str], around: frozenset[str] = NO_HINTS) -> frozenset[str]:
    """What the last name of a path, and where it takes that the one before, says of a value there; numbers and names of lists are passed over.

    `around` are the hints of the place of the whole, which hold where the path says nothing: those of `phone` for `{"value": "…"}` in it.
    """
    names = [name for name in path[-4:] if not name.isdigit()]
    carried = bool(names) and names[-1].lower() in _CARRIERS
    if carried:
        names.pop()
    if not names:
        return around - _OF_PEOPLE
    if len(names[-1]) > 64:  # noqa: PLR2004 - no field's name is longer
        return NO_HINTS
    parent = next((name[:64] for name in names[-2::-1] if name.lower() not in _LISTS), "")
    hints = _hints(names[-1], parent)
    if not hints and "postal" in around and words_of(names[-1])[:1] == ["line"]:
        return around
    return hints - _OF_PEOPLE if carried and words_of(names[-1])[-1:] != ["name"] else hints


@lru_cache(8192)
def _hints(name: str, parent: str) -> frozenset[str]:
    words = words_of(name)
    if not name.isascii() and (hint := _FOREIGN.get("".join(filter(str.isalnum, name.lower())))):
        return frozenset((hint,))
    if not words:
        return NO_HINTS
    last = words[-1]
    terms = words[:-1] if last in _NUMBERS and len(words) > 1 else words
    whole = "".join(terms)
    ends = {whole, "".join(words), terms[-1], "".join(terms[-2:]), "".join(terms[-3:]), last}
    ends |= {end.removesuffix("s") for end in ends}
    found = {hint for hint, terms in _TERMS if not ends.isdisjoint(terms)}
    if last in _NUMBERS:
        found |= {hint for hint, terms in _TERMS if hint in _NUMBERED and not terms.isdisjoint(words)}
    elif words[0] in _NUMBERS and whole.removeprefix(words[0]) in _NATIONAL:
        found.add("national-id")
    if whole == "address" or (terms[0] == "line" and words_of(parent)[-1:] == ["address"]):
        found.add("postal")
    if _is_name(words, ends, parent):
        found.add("name")
    if whole == "login" and _is_of_person(parent):
        found.add("login")
    return NO_HINTS if not found else OPAQUE if found == OPAQUE else frozenset(found)


def _is_name(words: list[str], ends: set[str], parent: str) -> bool:
    last = words[-1]
    if not ends.isdisjoint(_NAMES) or last in _PEOPLE or last.removesuffix("s") in _PEOPLE:
        return True
    if len(words) == 1 and last in _PARTS_OF_NAME:
        return parent.lower() in {"name", "fullname"} or (parent.lower() != "profile" and _is_of_person(parent))
    if words[-2:] == ["display", "name"]:
        return _is_of_person(parent)
    if last not in {"name", "names"}:
        return False
    before = "".join(words[:-1])
    if before:
        return words[-2] in _PART_OF_NAME or words[-2] in _PEOPLE or before in _PEOPLE
    return _is_of_person(parent)


def _is_of_person(parent: str) -> bool:
    """Whether the name around a name is a person's, or several persons'."""
    above = words_of(parent)
    return bool(above) and (
        "".join(above[-2:]) in _BY or above[-1] in _PEOPLE or above[-1].removesuffix("s") in _PEOPLE
    )


_OF_PEOPLE = frozenset(("name", "login"))
"""Hints of a word for a person, which a member that carries any value does not take over: `customer.value`."""
_NUMBERS = frozenset(("number", "no", "num", "nr", "nummer", "numero"))
_NUMBERED = frozenset(("phone", "card", "national-id"))
_TERMS = (
    ("login", _LOGINS),
    ("phone", _PHONES),
    ("card", _CARDS),
    ("national-id", _NATIONAL),
    ("birth", _BIRTH),
    ("postal", _POSTAL),
    ("secret", _SECRETS),
    ("opaque", _OPAQUE),
)
