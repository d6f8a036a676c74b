// As much of WebDriver as the benchmarks need: one browser, several tabs, scripts, and Chrome's own commands.

/** Longer than any workload takes on a slow machine. */
const LIMIT = 15 * 60_000;

export class Browser {
  #session;

  constructor(session) {
    this.#session = session;
  }

  /** Opens a browser by a running chromedriver. */
  static async open(driver, { binary, args = [] }) {
    const flags = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
      "--disable-background-networking", "--disable-component-update", "--disable-extensions",
      // A tab that is not in front must be as fast as the one that is.
      "--disable-renderer-backgrounding", "--disable-background-timer-throttling",
      "--disable-backgrounding-occluded-windows", "--disable-features=CalculateNativeWinOcclusion",
    ];
    const options = { binary, args: [...flags, ...args] };
    const capabilities = { alwaysMatch: { "goog:chromeOptions": options } };
    const made = await send("POST", `${driver}/session`, { capabilities });
    const browser = new Browser(`${driver}/session/${made.sessionId}`);
    browser.version = made.capabilities.browserVersion;
    await browser.#post("timeouts", { script: LIMIT, pageLoad: LIMIT });
    return browser;
  }

  #post(path, body = {}) {
    return send("POST", `${this.#session}/${path}`, body);
  }

  async newTab() {
    return (await this.#post("window/new", { type: "tab" })).handle;
  }

  goTo(tab) {
    return this.#post("window", { handle: tab });
  }

  visit(url) {
    return this.#post("url", { url });
  }

  closeTab() {
    return send("DELETE", `${this.#session}/window`);
  }

  async tabs() {
    return send("GET", `${this.#session}/window/handles`);
  }

  /** Calls an asynchronous function in the page, with arguments that are JSON. */
  async call(run, ...values) {
    const script = `
      const done = arguments[arguments.length - 1];
      (async () => (${run})(...arguments[0]))().then(
        (value) => done({ value }),
        (error) => done({ error: String(error?.stack ?? error) }),
      );`;
    const { value, error } = await this.#post("execute/async", { script, args: [values] });
    if (error) throw new Error(error);
    return value;
  }

  /** One of Chrome's own commands, for the tab that is in front. */
  devtools(cmd, params = {}) {
    return this.#post("goog/cdp/execute", { cmd, params });
  }

  close() {
    return send("DELETE", this.#session);
  }
}

async function send(method, url, body) {
  const answer = await fetch(url, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(LIMIT) });
  const { value } = await answer.json();
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
}
