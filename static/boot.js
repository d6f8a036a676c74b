// Starts the page. A file of its own, since the content security policy allows no inline script.

try {
  // The colours that were chosen, before there is much to see in others.
  const theme = localStorage.getItem("relata.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // The browser keeps nothing for this page.
}

try {
  const { default: init } = await import("./relata-page.js");
  await init({ module_or_path: "./relata-page_bg.wasm" });
} catch (error) {
  const said = document.querySelector(".starting [role=status]");
  if (said) said.textContent = `Relata could not be started: ${error.message} Reload the page to try again.`;
  throw error;
}
