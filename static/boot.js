// Starts the page. A file of its own, since the content security policy allows no inline script.

try {
  // The colours that were chosen, before there is much to see in others.
  const theme = localStorage.getItem("relata.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // The browser keeps nothing for this page.
}

// The database has a longer way to go than the page. Its program is asked for when the page's own is here, but before that
// runs, which finds this worker by its name.
try {
  const engine = new Worker("./relata-worker_loader.js", { type: "module" });
  // Whoever takes none starts one, and hears why that fails.
  engine.addEventListener("error", () => (globalThis.relataEngine &&= null));
  globalThis.relataEngine = engine;
  const pageIsHere = (list, observer) => {
    if (!list.getEntriesByType("resource").some(({ name }) => name.endsWith("/relata-page_bg.wasm"))) return;
    observer.disconnect();
    engine.postMessage("hello");
  };
  new PerformanceObserver(pageIsHere).observe({ type: "resource", buffered: true });
} catch {
  // The page greets it.
}

try {
  const { default: init } = await import("./relata-page.js");
  await init({ module_or_path: "./relata-page_bg.wasm" });
} catch (error) {
  const said = document.querySelector(".starting [role=status]");
  if (said) said.textContent = `Relata could not be started: ${error.message} Reload the page to try again.`;
  throw error;
}
