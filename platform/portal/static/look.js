// Looks whether a page has changed while somebody looks at it: it is loaded again, or what changed is told where
// something was typed.
const EVERY = 10000;
let tag = null;
// What a form was answered with is not loaded again by itself: that would send the form once more.
let typed = document.body.hasAttribute("data-sent");
addEventListener("input", () => { typed = true; });

function read(page) {
  const main = page.querySelector("main").cloneNode(true);
  for (const said of main.querySelectorAll(".word, noscript")) said.remove();
  return main.textContent.replace(/\s+/g, " ").trim();
}

// What is carried out right now may be done before the first look: that one is compared with what is shown. It is at
// once, but where the page was loaded again just now: what goes on and on would load it without end.
const again = performance.getEntriesByType("navigation")[0]?.type === "reload";
let shown = document.body.dataset.live === "now" ? read(document) : null;

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { "X-Look": "1", ...(tag ? { "If-None-Match": tag } : {}) }, cache: "no-store" });
  if (answer.status !== 200) return;
  const found = answer.headers.get("ETag");
  const fresh = shown === null ? null : read(new DOMParser().parseFromString(await answer.text(), "text/html"));
  const passed = fresh !== shown;
  shown = null;
  if (passed || (tag !== null && found !== tag)) {
    if (typed) tell(); else location.reload();
  }
  tag = found;
}

function tell() {
  if (document.querySelector(".changed")) return;
  const line = document.createElement("p");
  line.className = "changed";
  line.setAttribute("role", "status");
  line.textContent = "Er is intussen iets veranderd. Wat u typte blijft staan; vernieuw de pagina om het te zien.";
  document.body.prepend(line);
}

if (document.body.hasAttribute("data-live")) {
  const try_look = () => look().catch(() => {});
  if (shown === null || !again) try_look();
  setInterval(try_look, EVERY);
}
