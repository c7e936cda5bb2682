"""Top-level domains, by which an e-mail address is told from code: a pinned list, since a privacy tool looks nothing up.

From IANA's root zone: every country's, and those generic ones under which people get mail. Left out are brands, and domains that are words of
code, file endings or releases (`.run`, `.next`, `.new`, `.now`, `.page`, `.data`, `.map`, `.call`, `.link`, `.zip`, `.mov`, `.prod`):
`Button1@onClick.run` is far likelier in telemetry than a mailbox there.
"""

from __future__ import annotations

COMMON = frozenset(("com", "org", "net", "edu", "gov", "mil", "info", "biz"))
"""Domains that are no words: what ends in one is a host, whatever else follows it."""

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu
cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu
id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq
mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh
si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt zm zw
"""

_GENERIC = """
academy accountant accountants actor adult aero africa agency airforce amsterdam apartments app arab archi army art arte asia associates attorney
auction audio auto autos band bank bar barcelona bargains bayern beauty beer berlin best bet bible bid bike bingo bio biz blog boats boston
boutique broadway broker brussels budapest build builders business buzz bzh cab cafe camera camp capetown capital car cards care career careers
cars casa cash casino catering catholic center ceo charity cheap christmas church city claims cleaning clinic clothing cloud club coach codes
coffee college cologne com community company computer condos construction consulting contractors cooking cool coop corsica country coupons courses
cpa credit cricket cruises cymru dance dating deals degree delivery democrat dental dentist design dev diamonds diet digital direct directory
discount doctor dog domains dubai durban earth eco edu education email energy engineer engineering enterprises equipment esq estate eus events
exchange expert exposed express faith family fan fans farm fashion film finance financial fish fishing fit fitness flights florist flowers
football forex forsale forum foundation frl fun fund furniture futbol gal gallery games garden gay gent gift gifts gives glass global gmbh gold
golf gop gov graphics gratis green gripe group guide guitars guru hamburg haus health healthcare help helsinki hiphop hiv hockey holdings holiday
homes horse hospital host hosting house icu immo immobilien inc industries info ink institute insurance insure int international investments irish
ist istanbul jetzt jewelry jobs joburg juegos kaufen kids kim kitchen kiwi koeln kyoto land lat latino law lawyer lease legal lgbt life lighting
limited limo live living llc loan loans lol london lotto love ltd ltda luxe luxury madrid maison management market marketing markets mba media
melbourne memorial men miami mil mobi moda moe moi mom money monster mortgage moscow motorcycles movie museum music nagoya name network news ngo
ninja nrw nyc okinawa ong onl online org organic osaka paris partners parts party pet pharmacy phd photo photography photos physio pics pictures
pizza plumbing plus poker porn post press pro productions promo properties property protection pub quebec racing radio realestate realtor realty
recipes rehab reise reisen rent rentals repair report republican rest restaurant review reviews rich rio rip rocks rodeo rugby ruhr ryukyu
saarland sale salon sarl school schule science scot security services sexy shoes shop shopping show singles site ski soccer social software solar
solutions space sport store stream studio style sucks supplies supply support surf surgery swiss sydney systems taipei tatar tattoo tax taxi team
tech technology tel tennis theater theatre tickets tienda tips tires tirol today tokyo tools top tours town toys trade trading training travel
tube university uno vacations vegas ventures versicherung vet viajes video villas vin vip vision vlaanderen vodka vote voto voyage wales watch
webcam website wedding wien wiki wine work works world wtf xin xxx xyz yachts yoga yokohama zone zuerich
"""

_INTERNAL = "corp example home internal intra intranet invalid lan local localdomain private test"
"""Reserved (RFC 2606, RFC 6762) or used inside companies, where people get mail too."""

TOP_LEVEL = frozenset((*_COUNTRIES.split(), *_GENERIC.split(), *_INTERNAL.split()))
