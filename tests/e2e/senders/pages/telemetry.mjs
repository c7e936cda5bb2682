// Stands for the client of an Appsmith instance: sends with Segment's and Mixpanel's own libraries for browsers, batched as the client does.
//
// Where the address of the page has a query, promises are broken with the values of `planted.py`; else all is as it should be. The page
// closes its window, and with it the browser, as soon as its batches have been answered.

const planted = await (await fetch("/planted.json")).json();
const around = { instanceId: planted.instance, version: "v1.84.2.1", userData: { userId: planted.person, source: "ce" } };

const segment = AnalyticsNext.AnalyticsBrowser.load(
  { writeKey: planted.segmentKey },
  { integrations: { "Segment.io": { deliveryStrategy: { strategy: "batching", config: { size: 3, timeout: 10_000 } } } } },
);
mixpanel.init(planted.mixpanelToken, { batch_flush_interval_ms: 1000 });
mixpanel.identify(planted.person);

if (location.search === "") {
  segment.identify(planted.person, { source: "ce", instanceId: planted.instance });
  segment.page("Orders", around);
  segment.track("PAGE_VIEW", around);
  mixpanel.track("PAGE_LOAD", around);
} else {
  document.title = `Orders of ${planted.sought}`;
  segment.identify(planted.userName);
  segment.page("Customer", around);
  segment.track("EXECUTE_ACTION", { ...around, label: `${planted.canary} copied` });
  mixpanel.track("URL_COPIED", around);
}

await answered("https://api.segment.io/v1/b");
await answered("https://api-js.mixpanel.com/track/"); // its events
await answered("https://api-js.mixpanel.com/engage/"); // what it says of the person
window.close();

// Resolves once a request whose address begins like this has been answered.
function answered(beginning) {
  return new Promise((resolve) => {
    const look = (list, observer) => {
      if (list.getEntries().some(({ name }) => name.startsWith(beginning))) {
        observer.disconnect();
        resolve();
      }
    };
    new PerformanceObserver(look).observe({ type: "resource", buffered: true });
  });
}
