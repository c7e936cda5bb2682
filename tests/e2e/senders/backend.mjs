// Stands for a server in Node: sends with Segment's and Mixpanel's own libraries.
//
// Run behind a proxy (HTTPS_PROXY, NODE_EXTRA_CA_CERTS) with two arguments: `documented` or `planted`, as `instance.py` is, and the
// file with the values of `planted.py`. Node's own fetch knows no proxy, so Segment's library is given undici's; Mixpanel's finds it.

import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { Analytics } from "@segment/analytics-node";
import Mixpanel from "mixpanel";
import { ProxyAgent, fetch } from "undici";

const [, , phase, file] = process.argv;
const planted = JSON.parse(readFileSync(file, "utf8"));
const dispatcher = new ProxyAgent(process.env.HTTPS_PROXY);

const segment = new Analytics({
  writeKey: planted.segmentKey,
  maxRetries: 0,
  httpClient: (url, options) => fetch(url, { ...options, dispatcher }),
});
segment.on("error", ({ reason }) => {
  throw reason;
});
const mixpanel = Mixpanel.init(planted.mixpanelToken, { verbose: true });
const track = promisify(mixpanel.track);
const trackBatch = promisify(mixpanel.track_batch);
const setPerson = promisify(mixpanel.people.set.bind(mixpanel.people));

const around = { instanceId: planted.instance, version: "v1.84.2.1", edition: "CE", originService: "appsmith-rts" };
const mine = { distinct_id: planted.person, ...around };

if (phase === "documented") {
  segment.identify({ userId: planted.person, traits: { email: planted.person, instanceId: planted.instance } });
  segment.track({ userId: planted.person, event: "git_commit", properties: around });
  await track("GS_CONNECT_GIT_CLICK", { ...mine });
  await trackBatch([
    { event: "GS_PULL_GIT_CLICK", properties: { ...mine } },
    { event: "GS_DEPLOY_GIT_CLICK", properties: { ...mine } },
  ]);
  await setPerson(planted.person, { source: "ce" });
} else {
  segment.track({ userId: planted.person, event: "git_push", properties: { ...around, text: planted.query } });
  segment.track({ userId: planted.person, event: "git_pull", context: { ip: planted.visitor }, properties: around });
  await setPerson(planted.person, { source: planted.subscriber });
}
await segment.closeAndFlush();
await dispatcher.close();
