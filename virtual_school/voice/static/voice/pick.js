// Cards: keeps the order in which they were picked, says how many there are, and says it when that is enough.
for (const field of document.querySelectorAll("[data-pick]")) {
  const boxes = [...field.querySelectorAll("input[type=checkbox]")];
  const order = field.querySelector("input[name=order]");
  const live = field.querySelector("[data-live]");
  const most = Number(field.dataset.most);
  const other = field.querySelector("input[name=other]");
  const count = () => boxes.filter((box) => box.checked).length + (other?.value.trim() ? 1 : 0);

  field.addEventListener("change", (event) => {
    if (!event.target.matches("input[type=checkbox]")) return;
    const box = event.target;
    if (box.checked && most && count() > most) {
      box.checked = false;
      live.textContent = field.dataset.full;
      return;
    }
    const picked = order.value.split(",").filter((key) => key && key !== box.value);
    if (box.checked) picked.push(box.value);
    order.value = picked.join(",");
    live.textContent = field.dataset.count.replace("#", count());
  });
}

for (const field of document.querySelectorAll("[data-numbers]")) {
  const clear = field.querySelector("[data-clear-number]");
  const chosen = () => field.querySelector("input:checked");
  clear.hidden = !chosen();
  field.addEventListener("change", () => (clear.hidden = !chosen()));
  clear.addEventListener("click", () => {
    const number = chosen();
    number.checked = false;
    number.focus();
    clear.hidden = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
