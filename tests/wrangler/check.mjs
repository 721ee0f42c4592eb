// Each of wrangler's four commands, for people and for programs, and what it says when it is refused.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

const [wrangler] = process.argv.slice(2);

/** Runs a command; gives its exit code and everything it printed. */
function namespace(...args) {
  const run = spawnSync(process.execPath, [wrangler, "agent-memory", "namespace", ...args], { encoding: "utf8" });
  console.log(`namespace ${args.join(" ")}: ${run.status}`);
  return { code: run.status, text: run.stdout + run.stderr, json: () => JSON.parse(run.stdout) };
}

function succeeds(run) {
  assert.equal(run.code, 0, run.text);
  return run;
}

const created = succeeds(namespace("create", "demo", "--json")).json();
assert.match(created.id, /^[0-9A-HJKMNP-TV-Z]{26}$/);
assert.deepEqual(Object.keys(created).sort(), ["account_id", "created_at", "id", "name", "updated_at"]);
assert.deepEqual([created.name, created.account_id], ["demo", "local"]);

const printed = succeeds(namespace("create", "second")).text;
assert.match(printed, /Created Agent Memory namespace "second"/);
assert.match(printed, /local/);

const again = namespace("create", "demo");
assert.equal(again.code, 1);
assert.match(again.text, /Namespace name already exists \[code: 10008\]/);

assert.deepEqual(succeeds(namespace("get", "demo", "--json")).json(), created);
assert.match(succeeds(namespace("get", "demo")).text, new RegExp(created.id));
const missing = namespace("get", "missing");
assert.equal(missing.code, 1);
assert.match(missing.text, /"missing" not found/);

// More than one page, which wrangler asks for twenty at a time.
const base = `${process.env.CLOUDFLARE_API_BASE_URL}/accounts/${process.env.CLOUDFLARE_ACCOUNT_ID}/agent-memory`;
const headers = { authorization: `Bearer ${process.env.CLOUDFLARE_API_TOKEN}` };
const names = ["demo", "second", ...Array.from({ length: 40 }, (_, i) => `page-${i}`)];
for (const name of names.slice(2)) {
  const response = await fetch(`${base}/namespaces`, { method: "POST", headers, body: JSON.stringify({ name }) });
  assert.equal(response.status, 201);
}
assert.deepEqual(succeeds(namespace("list", "--json")).json().map((row) => row.name), names);
assert.match(succeeds(namespace("list")).text, /page-39/);

assert.match(succeeds(namespace("delete", "demo", "--force")).text, /Deleted Agent Memory namespace demo/);
assert.equal(namespace("get", "demo").code, 1);
assert.notEqual(succeeds(namespace("create", "demo", "--json")).json().id, created.id);

process.env.CLOUDFLARE_API_TOKEN = "wrong";
const refused = namespace("list");
assert.equal(refused.code, 1);
assert.match(refused.text, /Authentication error \[code: 10000\]/);
