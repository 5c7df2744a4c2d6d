// Everything works without scripts. Here is what a page does with what it shows.

// A mistake in a form is read out first, or what was done; unless the address leads to a place on the page.
const first = document.querySelector(".problem") || (location.hash ? null : document.querySelector(".word"));
if (first) first.focus();

// What is to be copied has a button that does.
for (const text of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = "Kopieer";
  button.setAttribute("aria-label", `Kopieer ${text.dataset.name}`);
  button.addEventListener("click", () => navigator.clipboard.writeText(text.dataset.copy).then(() => { button.textContent = "Gekopieerd"; }));
  text.after(button);
}

// A document is read whole: its frame is as high as what is in it, at any width.
for (const frame of document.querySelectorAll("iframe.document")) {
  const fit = () => {
    const page = frame.contentDocument;
    if (!page || !page.body || !page.body.childElementCount) return;
    frame.style.height = `${Math.ceil(page.body.getBoundingClientRect().height) + frame.offsetHeight - frame.clientHeight}px`;
  };
  frame.addEventListener("load", fit);
  new ResizeObserver(fit).observe(frame);
  fit();
}
