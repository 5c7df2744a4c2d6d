// Everything works without this file. It looks whether a page has changed while somebody looks at it, and keeps
// what was typed in one form of a page when another is pressed.
"use strict";
const EVERY = 10000;
let tag = null;
// What a form was answered with is not loaded again by itself: that would send the form once more.
let typed = document.body.hasAttribute("data-sent");
addEventListener("input", () => { typed = true; });

function read(page) {
  const main = page.querySelector("main").cloneNode(true);
  for (const said of main.querySelectorAll(".word")) said.remove();
  return main.textContent.replace(/\s+/g, " ").trim();
}

// What is carried out right now may be done before the first look: that one is compared with what is shown.
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
  look();
  setInterval(() => look().catch(() => {}), EVERY);
}

// What was typed in the other forms of a page when one is pressed stays in this tab: until it is sent, for a day,
// or until who typed it signs out.
const PLACE = `getypt ${location.pathname}`, DAY = 86400000;
const who = document.querySelector('input[name="wie"]')?.value;
// A search is none: what is looked for may be a number of somebody, and is kept nowhere.
const forms = () => [...document.querySelectorAll('main form[method="post"]:not([action="/zoek"])')];
const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "submit", "button", "password"].includes(one.type));
const ticks = (field) => field.type === "checkbox" || field.type === "radio";
const holds = (field) => ticks(field) ? field.checked : field.value !== "";

function name(form) {
  const about = ["formulier", "doen", "contact"].map((one) => form.querySelector(`input[type="hidden"][name="${one}"]`)?.value);
  return [form.getAttribute("action"), ...about].join(" ");
}

function differs(field) {
  if (ticks(field)) return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== (field.defaultValue ?? "");
  const options = [...field.options];
  return field.selectedIndex !== Math.max(0, options.findIndex((one) => one.defaultSelected));
}

function label(field) {
  const said = (ticks(field) && field.closest("fieldset")?.querySelector("legend")) || field.labels[0];
  return said ? said.firstChild.textContent.trim() : "";
}

function tell_field(field) {
  const told = { name: field.name, value: field.value, on: field.checked, label: label(field) };
  if ("number" in field.dataset) return { ...told, value: "", said: "", gone: true };
  const said = ticks(field) ? field.labels[0].textContent : field.options ? field.selectedOptions[0].textContent : [...field.files ?? []].map((one) => one.name).join(", ") || field.value;
  return { ...told, said: said.trim() };
}

function collect(pressed) {
  // A form with a mistake has what was typed as if it had been there from the beginning.
  const others = forms().filter((one) => one !== pressed);
  const typed_in = others.map((one) => ({ form: name(one), fields: fields(one).filter(one.querySelector(".wrong") ? holds : differs).map(tell_field) }));
  return typed_in.filter((one) => one.fields.length);
}

function take_up() {
  try {
    if (who && sessionStorage.getItem("wie") !== who) sessionStorage.clear();  // somebody else was here
    const kept = JSON.parse(sessionStorage.getItem(PLACE));
    return who && kept && Date.now() - kept.at < DAY ? kept.forms : [];
  } catch (error) { return []; }
}

function keep(pressed) {
  if (!who) return;
  const typed_in = [...collect(pressed), ...waiting];
  try {
    if (pressed.matches(".out")) sessionStorage.clear();
    else if (typed_in.length) {
      sessionStorage.setItem("wie", who);
      sessionStorage.setItem(PLACE, JSON.stringify({ at: Date.now(), forms: typed_in }));
    } else sessionStorage.removeItem(PLACE);
  } catch (error) { /* a browser that keeps nothing */ }
}

function add(to, kind, text, className) {
  const made = document.createElement(kind);
  made.textContent = text;
  if (className) made.className = className;
  to.append(made);
  return made;
}

function put_back(form, one) {
  const field = form && fields(form).find((there) => there.name === one.name && (!ticks(there) || there.value === one.value));
  if (!field) return false;
  if (one.gone) field.before(add(form, "p", "Wat u hier typte, bewaren wij niet: vul het opnieuw in.", "wrong"));
  else if (field.type === "file") field.before(add(form, "p", `U koos hier ‘${one.said}’. Dat is nog niet verstuurd: kies het opnieuw.`, "wrong"));
  else if (ticks(field)) field.checked = one.on;
  else field.value = one.value;
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  return true;
}

function show_again(kept) {
  const said = document.createElement("div"), left = [];
  let there = false;
  for (const { form, fields: given } of kept) {
    const place = forms().find((one) => name(one) === form);
    const absent = given.filter((one) => !put_back(place, one));
    there ||= absent.length < given.length;
    // A page that tells what became of a form is not the page that has the others.
    if (absent.length && document.body.hasAttribute("data-sent")) waiting.push({ form, fields: absent });
    else left.push(...absent.filter((one) => one.said && (one.on ?? true)));
  }
  typed ||= there;
  said.className = "warn";
  said.setAttribute("role", "status");
  if (there) add(said, "p", "Wat u hier eerder invulde, is nog niet verstuurd. Het staat er nog.");
  if (left.length) {
    add(said, "p", "Dit vulde u in, is niet verstuurd en kan hier niet meer:");
    const list = add(said, "dl", "", "facts");
    for (const one of left) { add(list, "dt", one.label); add(list, "dd", one.said, "said"); }
  }
  if (!said.childElementCount) return;
  const main = document.querySelector("main"), word = main.querySelector(".word, .problem");
  if (word) word.after(said); else main.prepend(said);
}

const waiting = [];
show_again(take_up());
addEventListener("submit", (event) => keep(event.target));

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
