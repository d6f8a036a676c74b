/** A headless Chromium, spoken to through pipes in its DevTools protocol: nothing needs to be installed for it. */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = process.env.CHROMIUM ?? "chromium";
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run", "--remote-debugging-pipe",
];

/** A folder for a profile. */
export const profile = () => mkdtemp(join(tmpdir(), "relata-kept-"));

/** Deletes a profile. A browser that has just ended may still be writing to it. */
export const forget = (folder) => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });

export class Chromium {
  constructor(child) {
    this.child = child;
    this.waiting = new Map();
    this.asked = 0;
    this.heard = "";
    this.onEvent = () => {};
    this.ended = new Promise((resolve) => child.once("exit", resolve));
    child.stdio[3].on("error", () => {});
    child.stdio[4].setEncoding("utf8").on("data", (text) => this.hear(text));
  }

  static async start(folder, flags = []) {
    const options = { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], detached: true };
    const child = spawn(PROGRAM, [...FLAGS, `--user-data-dir=${folder}`, ...flags, "about:blank"], options);
    const browser = new Chromium(child);
    await browser.ask("Browser.getVersion");
    return browser;
  }

  hear(text) {
    const parts = (this.heard + text).split("\0");
    this.heard = parts.pop();
    for (const message of parts.map((part) => JSON.parse(part))) {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (!waiting) this.onEvent(message);
      else if (message.error) waiting.reject(new Error(`${waiting.method}: ${message.error.message}`));
      else waiting.resolve(message.result);
    }
  }

  ask(method, params = {}, sessionId = undefined) {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, method });
      this.child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    });
  }

  /** A tab at this address, ready; in a private window if asked so. */
  async open(url, { secret = false } = {}) {
    const context = secret ? await this.ask("Target.createBrowserContext") : {};
    const { targetId } = await this.ask("Target.createTarget", { url, ...context });
    const { sessionId } = await this.ask("Target.attachToTarget", { targetId, flatten: true });
    const tab = new Tab(this, sessionId, targetId);
    await tab.ready();
    return tab;
  }

  /** Ends the browser as it would wish to be ended. */
  async close() {
    await Promise.race([this.ask("Browser.close").catch(() => {}), this.ended]);
    await this.ended;
  }

  /** Kills it with all its processes, wherever they are. */
  async kill() {
    process.kill(-this.child.pid, "SIGKILL");
    await this.ended;
  }
}

class Tab {
  constructor(browser, session, target) {
    Object.assign(this, { browser, session, target });
  }

  ask(method, params) {
    return this.browser.ask(method, params, this.session);
  }

  async ready() {
    const loaded = `document.readyState === "complete" && location.href !== "about:blank" && globalThis.ready`;
    while (!(await this.run(loaded).catch(() => false))) await new Promise((resume) => setTimeout(resume, 20));
  }

  /** What a script in the page comes to: its promise's value, or what it throws. */
  async run(expression) {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails: failed } = await this.ask("Runtime.evaluate", params);
    if (failed) throw new Error(failed.exception?.description ?? String(failed.exception?.value ?? failed.text));
    return result.value;
  }

  /** The same for a function of the page and arguments that JSON can tell. */
  call(work, ...args) {
    return this.run(`(${work})(...${JSON.stringify(args)})`);
  }

  async reload() {
    await this.run("globalThis.ready = false");
    await this.ask("Page.reload");
    await this.ready();
  }

  close() {
    return this.browser.ask("Target.closeTarget", { targetId: this.target });
  }
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const PAGE = `<!doctype html><meta charset="utf-8"><title>kept</title><script type="module">
import * as kept from "/pkg/kept.js";
Object.assign(globalThis, kept, { ready: true });
</script>`;

/** The package, and a page with all of kept.js in its global scope, at a free port: its address, and what ends it. */
export async function serve() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname === "/") return response.setHeader("content-type", "text/html").end(PAGE);
    try {
      const file = await readFile(join(ROOT, normalize(pathname)));
      response.setHeader("content-type", TYPES[extname(pathname)] ?? "application/octet-stream").end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { home: `http://127.0.0.1:${server.address().port}/`, close };
}
