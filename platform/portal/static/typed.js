// What was typed in the forms of a page stays in this tab when the page is left: until it is sent and answered, for a
// day, or until a page is shown to somebody else or to nobody. It comes back only over what it was typed over.
const KEPT = "getypt", LAST = "verstuurd", DAY = 86400000, place = location.pathname;
const who = document.querySelector('input[name="wie"]')?.value ?? null;
// Which opened form the page is of: two of them never share what was typed.
const key = document.querySelector('main input[name="concept"]')?.value ?? "";
// A form that was sent is not done where the page is of one. A page that failed answers nothing and clears nothing.
const undone = document.body.hasAttribute("data-sent"), away = document.body.hasAttribute("data-away");
const answer = document.body.dataset.sent === "answer";
// Who goes back is led nowhere, and a form that is done leads on.
const [came] = performance.getEntriesByType("navigation");
const led = came?.type !== "back_forward" && (answer || came?.redirectCount > 0);
// What is looked for and what tells who somebody is are kept nowhere; a form that only asks for a list has nothing to send.
const UNKEPT = '[data-unkept], [type="email"], [type="tel"], [inputmode="email"]';
const OWN = 'main form[method="post"]:not([data-unkept])';
const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "submit", "button", "password"].includes(one.type));
const ticks = (field) => field.type === "checkbox" || field.type === "radio";
// What has no place on the page any more is told until another form of it is sent, and stays where nothing has answered it.
const lasts = (entry) => entry.sent || undone || !pressed;
const forms = new Map([...document.querySelectorAll(OWN)].filter((one) => fields(one).length).map((one) => [name(one), one]));

function name(form) {
  const about = ["formulier", "doen", "contact"].map((one) => form.querySelector(`input[type="hidden"][name="${one}"]`)?.value);
  return [form.getAttribute("action"), ...about].join(" ");
}

// What the page itself has in a field, whatever was typed; of choices of which one is taken, in all of them.
function standing(field) {
  if (field.type === "checkbox") return field.defaultChecked ? field.value : "";
  if (field.type === "radio") return fields(field.form).find((one) => one.name === field.name && one.defaultChecked)?.value ?? "";
  if (field.options) return ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value ?? "";
  return field.defaultValue ?? "";
}

function label(field) {
  const said = (ticks(field) && field.closest("fieldset")?.querySelector("legend")) || field.labels[0];
  return said ? said.firstChild.textContent.trim() : "";
}

// What is typed in a field, and over what it comes back: what the page shows, and what it was typed over before.
function tell(field, before) {
  const now = ticks(field) && !field.checked ? "" : field.value;
  const over = [...new Set([standing(field), ...(before ? before.over ?? [""] : [])])];
  if ((field.type === "radio" && !field.checked) || over.every((one) => one === now)) return null;
  const told = { name: field.name, label: label(field) };
  if (field.matches(UNKEPT)) return { ...told, gone: true };
  const said = ticks(field) ? field.labels[0].textContent : field.options ? field.selectedOptions[0].textContent : [...field.files ?? []].map((one) => one.name).join(", ") || field.value;
  return { ...told, value: field.value, over, said: said.trim(), ...(ticks(field) && { on: field.checked }) };
}

function collect(form, entry) {
  const known = entry?.fields ?? [];
  const before = (field) => known.find((one) => one.name === field.name && (field.type !== "checkbox" || one.value === field.value) && !unplaced.has(one));
  const told = fields(form).map((field) => tell(field, before(field))).filter(Boolean);
  const again = (one) => told.some((own) => own.name === one.name && own.on === one.on);
  return [...told, ...known.filter((one) => unplaced.has(one) && form !== pressed && lasts(entry) && !again(one))];
}

function read(item) {
  try { return JSON.parse(sessionStorage.getItem(item)); } catch (error) { return null; }
}

function write(item, value) {
  try {
    if (value === null || value.length === 0) sessionStorage.removeItem(item); else sessionStorage.setItem(item, JSON.stringify(value));
  } catch (error) { /* a browser that keeps nothing */ }
}

// An entry is of one form: `sent` is the press that nothing has answered yet, or 0 where the answer was a form that is
// not done. A page that a press led to answers that press alone.
function settle() {
  if (away) return [];
  if (read("wie") !== who) {  // somebody else was here
    try { sessionStorage.clear(); } catch (error) { /* a browser that keeps nothing */ }
    write("wie", who);
  }
  const last = read(LAST), answered = (one) => led && one.sent === last;
  const found = (read(KEPT) ?? []).filter((one) => Date.now() - one.at < DAY && (undone || !answered(one)));
  for (const one of found.filter(answered)) {
    Object.assign(one, { sent: 0, key: key || one.key });
    mistaken.add(one);
  }
  write(LAST, null);
  write(KEPT, found);
  return who ? found.filter((one) => one.place === place) : [];
}

// A page that is left when somebody else has come keeps nothing. What led on to a form that is sent now, as a check of
// what was typed, is sent with it.
function keep() {
  if (away || !who || read("wie") !== who) return;
  const ours = (one) => one.place === place && taken.get(one.form)?.key === one.key;
  const others = (read(KEPT) ?? []).filter((one) => !ours(one) || (!forms.has(one.form) && lasts(one)));
  const along = (one) => pressed && key && one.key === key && one.sent !== undefined;
  for (const [form, element] of forms) {
    const entry = taken.get(form);
    taken.set(form, {
      place, form, key: key || (entry?.key ?? ""), at: Date.now(), sent: element === pressed ? press : entry?.sent,
      fields: element === dropped ? [] : collect(element, entry),
    });
  }
  const own = [...forms.keys()].map((form) => taken.get(form)).filter((one) => one.fields.length);
  write(KEPT, [...others.map((one) => along(one) ? { ...one, sent: press } : one), ...own]);
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

// Returns whether what was typed has its place still; what somebody changed since stays as it is.
function put_back(entry, one) {
  const form = forms.get(entry.form), field = form && fields(form).find((own) => own.name === one.name && (!ticks(own) || own.value === one.value));
  if (!field) return false;
  const shown = standing(field);
  if (one.gone || field.type === "file") {
    if (shown || field.matches("[aria-invalid]")) return true;  // the page itself says so
    const file = entry.sent ? `U verstuurde hier ‘${one.said}’, en dat is misschien niet aangekomen: kijk eerst of het er al is.` : `U koos hier ‘${one.said}’. Dat is nog niet verstuurd: kies het opnieuw.`;
    field.before(add(form, "p", one.gone ? "Wat u hier typte, bewaren wij niet: vul het opnieuw in." : file, "warn"));
    unfold(field);
    unplaced.add(one);
    return true;
  }
  if (shown === (one.on === false ? "" : one.value)) return true;  // it is there already
  if (!one.over.includes(shown) || (field.options && ![...field.options].some((there) => there.value === one.value))) return false;
  if (ticks(field)) field.checked = one.on; else field.value = one.value;
  if (!ticks(field) && field.value !== one.value) {  // a field that takes no such text
    field.value = field.defaultValue;
    return false;
  }
  unfold(field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  filled.add(entry);
  return true;
}

// Fills in again what is kept. What a form was just answered with a mistake stands there as the page has it.
function show_again() {
  const lost = [], said = document.createElement("div");
  for (const entry of [...taken.values()].filter((one) => !mistaken.has(one))) {
    for (const one of entry.fields.filter((one) => !put_back(entry, one))) {
      unplaced.add(one);
      lost.push({ one, maybe: Boolean(entry.sent) });
    }
  }
  said.className = "warn";
  said.setAttribute("role", "status");
  for (const [sent, there, gone] of [
    [false, "Wat u hier eerder invulde, is nog niet verstuurd. Het staat er nog.", "Dit vulde u in en is niet verstuurd."],
    [true, "Wat u hier verstuurde, is misschien niet gedaan. Het staat er nog: kijk eerst of het al gedaan is.", "Dit verstuurde u en is misschien niet gedaan."],
  ]) {
    if ([...filled].some((one) => Boolean(one.sent) === sent)) add(said, "p", there);
    // A page that tells what became of a form is not the page that has the others.
    const left = undone ? [] : lost.filter(({ one, maybe }) => maybe === sent && one.said && (one.on ?? true));
    if (!left.length) continue;
    add(said, "p", `${gone} Het kan hier niet meer, of er staat intussen iets anders:`);
    const list = add(said, "dl", "", "facts");
    for (const { one } of left) { add(list, "dt", one.label); add(list, "dd", one.said, "said"); }
  }
  if (!undone) lead_to_other(said);
  if (!said.childElementCount) return;
  const main = document.querySelector("main"), word = main.querySelector(".word, .problem");
  if (word) word.after(said); else main.prepend(said);
}

// What was typed in another opened form of this page is at its address.
function lead_to_other(said) {
  const other = here.findLast((one) => forms.has(one.form) && !taken.has(one.form)), to = new URL(location.href);
  if (!other) return;
  to.searchParams.set("concept", other.key);
  add(add(said, "p", "U vulde hier eerder iets in dat niet is verstuurd. "), "a", "Ga daarmee verder").href = to.href;
}

// The answer to a form is asked by its address where one goes back to it: a browser would ask to send the form once more.
function leave_answer() {
  if (answer) history.replaceState(history.state, "", location.href);
}

let pressed = null, press = null, dropped = null;
const unplaced = new Set(), filled = new Set(), mistaken = new Set(), taken = new Map(), here = settle();
// What is kept of a form of this opened page; else where either has no key, as it gets one at the first mistake, or where
// nothing has answered it.
for (const { form } of here) {
  const found = here.filter((one) => one.form === form), one = found.find((own) => own.key === key) ?? found.findLast((own) => !own.key || !key || own.sent);
  if (one) taken.set(form, one);
}
show_again();
addEventListener("submit", ({ target }) => {
  leave_answer();
  if (away && target.matches(OWN)) return;  // the same press once more
  pressed = target.matches(OWN) ? target : null;
  press = pressed && Date.now();
  write(LAST, press);
});
addEventListener("input", ({ target }) => {
  if (!pressed || target.form !== pressed) return;
  pressed = null;  // it was not sent
  write(LAST, null);
});
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  leave_answer();
  write(LAST, null);  // a link may lead on too
  if (link.matches("[data-unsaved]")) dropped = link.closest("form");
});
addEventListener("pagehide", keep);
// A page that a browser kept whole shows how it was: it is loaded again, unless nothing has answered what was sent.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  write(LAST, null);
  if (read(KEPT)?.some((one) => one.sent && one.place === place && one.key === key)) pressed = null; else location.reload();
});
