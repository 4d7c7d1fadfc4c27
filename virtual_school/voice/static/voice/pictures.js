// Shows the photo that was chosen, where the browser can draw its kind, and the sticker that was picked for a square.
for (const input of document.querySelectorAll("[data-photo]")) {
  const preview = input.parentElement.querySelector("[data-preview]");
  preview.addEventListener("error", () => (preview.hidden = true));
  input.addEventListener("change", () => {
    if (preview.src) URL.revokeObjectURL(preview.src);
    preview.hidden = !input.files.length;
    if (input.files.length) preview.src = URL.createObjectURL(input.files[0]);
  });
}

for (const board of document.querySelectorAll("[data-board]")) {
  const show = (select) => {
    const place = select.closest("label").querySelector("[data-picture]");
    const url = select.selectedOptions[0].dataset.url;
    place.replaceChildren();
    if (!url) return;
    const picture = Object.assign(document.createElement("img"), { src: url, alt: "", width: 72, height: 72, className: "app-symbol" });
    place.append(picture);
  };
  board.addEventListener("change", (event) => event.target.matches("select") && show(event.target));
  board.closest("form")?.addEventListener("voice:back", () => board.querySelectorAll("select").forEach(show));
}
