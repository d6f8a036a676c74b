// Starts the page. A file of its own, since the content security policy allows no inline script.
import init from "./relata-page.js";

await init({ module_or_path: "./relata-page_bg.wasm" });
