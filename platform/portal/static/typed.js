// What was typed in the other forms of a page when one is pressed stays in this tab: until it is sent, for a day, or
// until a page is shown to somebody else or to nobody. It comes back only over what it was typed over.
"use strict";
const PREFIX = "getypt ", PLACE = PREFIX + location.pathname, DAY = 86400000, SENT = "verstuurd", DONE = "gedaan", MOST_DONE = 50;
const who = document.querySelector('input[name="wie"]')?.value ?? null;
// Which opened form the page is of: two of them never share what was typed.
const key = document.querySelector('main input[name="concept"]')?.value ?? "";
// What is looked for and what tells who somebody is are kept nowhere; a form that only asks for a list has nothing to send.
const UNKEPT = '[data-unkept], [type="email"], [type="tel"], [inputmode="email"]';
const forms = () => [...document.querySelectorAll('main form[method="post"]:not([data-unkept])')].filter((one) => fields(one).length);
const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "submit", "button", "password"].includes(one.type));
const ticks = (field) => field.type === "checkbox" || field.type === "radio";
const holds = (field) => ticks(field) ? field.checked : field.value !== "";

function name(form) {
  const about = ["formulier", "doen", "contact"].map((one) => form.querySelector(`input[type="hidden"][name="${one}"]`)?.value);
  return [form.getAttribute("action"), ...about].join(" ");
}

// What the page itself has in a field, whatever was typed; of choices of which one is taken, in all of them.
function standing(field) {
  if (field.type === "checkbox") return field.defaultChecked ? field.value : "";
  if (field.type === "radio") return fields(field.form).find((one) => one.name === field.name && one.defaultChecked)?.value ?? "";
  if (field.options) return [...field.options].find((one) => one.defaultSelected)?.value ?? "";
  return field.defaultValue ?? "";
}

function differs(field) {
  if (field.type === "radio") return field.checked && !field.defaultChecked;
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== standing(field);
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
}

function label(field) {
  const said = (ticks(field) && field.closest("fieldset")?.querySelector("legend")) || field.labels[0];
  return said ? said.firstChild.textContent.trim() : "";
}

function tell_field(field, was) {
  const told = { name: field.name, label: label(field) };
  if (field.matches(UNKEPT)) return { ...told, gone: true };
  const said = ticks(field) ? field.labels[0].textContent : field.options ? field.selectedOptions[0].textContent : [...field.files ?? []].map((one) => one.name).join(", ") || field.value;
  return { ...told, value: field.value, was, said: said.trim(), ...(ticks(field) && { on: field.checked }) };
}

function collect(pressed) {
  // A form with a mistake has what was typed as if it had been there from the beginning: over what is not known.
  const others = forms().filter((one) => one !== pressed);
  const typed_in = others.map((one) => {
    const wrong = one.querySelector(".wrong");
    return { form: name(one), fields: fields(one).filter(wrong ? holds : differs).map((field) => tell_field(field, wrong ? "" : standing(field))) };
  });
  return typed_in.filter((one) => one.fields.length);
}

function read(place) {
  try {
    const found = JSON.parse(sessionStorage.getItem(place));
    return Array.isArray(found) ? found : [];
  } catch (error) { return []; }
}

function write(place, found) {
  try {
    if (found.length) sessionStorage.setItem(place, JSON.stringify(found)); else sessionStorage.removeItem(place);
  } catch (error) { /* a browser that keeps nothing */ }
}

function sweep() {
  try {
    if (sessionStorage.getItem("wie") !== who) sessionStorage.clear();  // somebody else was here
    if (who) sessionStorage.setItem("wie", who);
    for (const place of Object.keys(sessionStorage).filter((one) => one.startsWith(PREFIX))) {
      write(place, read(place).filter((one) => Date.now() - one.at < DAY));
    }
  } catch (error) { /* a browser that keeps nothing */ }
}

// Takes from what is kept what was typed in this opened form; else where either has no key, as it gets one at the first mistake.
function take_up() {
  const own = kept.findIndex((one) => one.key === key);
  const at = own < 0 ? kept.findLastIndex((one) => !one.key || !key) : own;
  return at < 0 ? { key, forms: [] } : kept.splice(at, 1)[0];
}

function keep(pressed) {
  if (!who) return;
  const typed_in = [...collect(pressed), ...waiting];
  write(PLACE, typed_in.length ? [...kept, { at: Date.now(), key: key || taken.key, forms: typed_in }] : kept);
}

function add(to, kind, text, className) {
  const made = document.createElement(kind);
  made.textContent = text;
  if (className) made.className = className;
  to.append(made);
  return made;
}

function unfold(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}

function tell_beside(field, text) {
  field.before(add(field.form, "p", text, "wrong"));
  unfold(field);
}

// Returns whether what was typed has its place still; what somebody changed since stays as it is.
function put_back(form, one) {
  const field = form && fields(form).find((there) => there.name === one.name && (!ticks(there) || there.value === one.value));
  if (!field) return false;
  if (one.gone) {
    if (!standing(field)) tell_beside(field, "Wat u hier typte, bewaren wij niet: vul het opnieuw in.");
    return true;
  }
  if (field.type === "file") {
    tell_beside(field, `U koos hier ‘${one.said}’. Dat is nog niet verstuurd: kies het opnieuw.`);
    return true;
  }
  if (standing(field) === (one.on === false ? "" : one.value)) return true;  // it is there already
  if (standing(field) !== one.was || (field.options && ![...field.options].some((there) => there.value === one.value))) return false;
  if (ticks(field)) field.checked = one.on; else field.value = one.value;
  if (!ticks(field) && field.value !== one.value) {  // a field that takes no such text
    field.value = field.defaultValue;
    return false;
  }
  unfold(field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  there = true;
  return true;
}

function show_again(typed_in) {
  const said = document.createElement("div"), left = [];
  for (const { form, fields: given } of typed_in) {
    const place = forms().find((one) => name(one) === form);
    const absent = given.filter((one) => !put_back(place, one));
    // A page that tells what became of a form is not the page that has the others.
    if (absent.length && document.body.hasAttribute("data-sent")) waiting.push({ form, fields: absent });
    else left.push(...absent.filter((one) => one.said && (one.on ?? true)));
  }
  said.className = "warn";
  said.setAttribute("role", "status");
  if (there) add(said, "p", "Wat u hier eerder invulde, is nog niet verstuurd. Het staat er nog.");
  if (left.length) {
    add(said, "p", "Dit vulde u in en is niet verstuurd. Het kan hier niet meer, of er staat intussen iets anders:");
    const list = add(said, "dl", "", "facts");
    for (const one of left) { add(list, "dt", one.label); add(list, "dd", one.said, "said"); }
  }
  if (!said.childElementCount) return;
  const main = document.querySelector("main"), word = main.querySelector(".word, .problem");
  if (word) word.after(said); else main.prepend(said);
}

// A number that tells the same text of a form again, so that no text is kept that was sent; 0 where there is none.
function sum_up(form) {
  const text = JSON.stringify(fields(form).filter(holds).map((one) => [one.name, one.value]));
  return text === "[]" ? 0 : [...`${PLACE} ${name(form)} ${text}`].reduce((sum, one) => (Math.imul(sum, 31) + one.codePointAt(0)) | 0, 7);
}

// A form that was sent is done where the page that follows says so in a word.
function note_done() {
  const sent = read(SENT);
  write(SENT, []);
  if (document.querySelector("main > .word")) write(DONE, [...read(DONE), ...sent].slice(-MOST_DONE));
}

// A browser that goes back fills in what was typed there, also where it is done: pressed again it would be sent twice.
function leave_out_done(event) {
  const back = event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const again = back ? forms().filter((one) => read(DONE).includes(sum_up(one))) : [];
  for (const one of again) one.reset();
  if (again.length && event.persisted) location.reload();  // it has the id of the act that is done
}

let there = false;
const waiting = [];
sweep();
note_done();
const kept = read(PLACE), taken = take_up();
show_again(taken.forms);
addEventListener("pageshow", leave_out_done);
addEventListener("submit", ({ target }) => {
  const sum = target.matches("main form") ? sum_up(target) : 0;
  write(SENT, who && sum ? [sum] : []);
  keep(target);
});
