/**
 * Pages of this repository in a headless browser, driven by WebDriver. `cargo xtask test --only package` starts the
 * driver and a server of the repository's files, and says by environment variables where they are.
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const { RELATA_URL, RELATA_BROWSER, WEBDRIVER_URL } = process.env;

/** Why tests in a browser cannot run here; false where they can. Made for the `skip` of `node:test`. */
export const noBrowser = WEBDRIVER_URL ? false : "needs a browser: cargo xtask test --only package";

/** What a bundler makes of a module, for pages; returns its path on the server. An imported `.wasm` is its address. */
export async function bundle(entry, name) {
  await build({
    entryPoints: { [name]: fileURLToPath(entry) },
    outdir: fileURLToPath(new URL("../../target/js", import.meta.url)),
    publicPath: "/target/js",
    bundle: true,
    format: "esm",
    platform: "browser",
    loader: { ".wasm": "file" },
    logLevel: "error",
  });
  return `/target/js/${name}.js`;
}

/**
 * Opens a page by its path in the repository, hands it to `use`, and closes the browser after that.
 *
 * The page has one method, `evaluate(code, ...args)`: runs a function in the page, awaits it there, and gives back
 * its result, as JSON can hold it. The function sees its arguments, and nothing else of the test.
 */
export async function withPage(path, use) {
  const { sessionId } = await send("POST", "session", { capabilities: { alwaysMatch: capabilities() } });
  const session = `session/${sessionId}`;
  try {
    await send("POST", `${session}/url`, { url: new URL(path, RELATA_URL).href });
    return await use({ evaluate: (code, ...args) => evaluate(session, code, args) });
  } finally {
    await send("DELETE", session);
  }
}

async function evaluate(session, code, args) {
  const script = `const done = arguments[1];
    Promise.resolve().then(() => (${code})(...arguments[0])).then(
      (value) => done({ value }),
      (error) => done({ error: String(error?.stack ?? error) }),
    );`;
  const { value, error } = await send("POST", `${session}/execute/async`, { script, args: [args] });
  if (error !== undefined) throw new Error(`in the page: ${error}`);
  return value;
}

function capabilities() {
  const timeouts = { script: 120_000, pageLoad: 60_000 };
  if (RELATA_BROWSER === "firefox") return { timeouts, "moz:firefoxOptions": { args: ["-headless"] } };
  const args = [
    ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    ...["--disable-component-update", "--disable-sync", "--no-first-run"],
  ];
  return { timeouts, "goog:chromeOptions": { args } };
}

/** One command of WebDriver. */
async function send(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${WEBDRIVER_URL}/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}
