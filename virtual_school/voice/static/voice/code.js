// A code that was scanned stands after the # of the address, which is never sent: it is put into the field, and taken out of the address.
const digits = window.location.hash.slice(1);
if (/^\d{8}$/.test(digits)) {
  document.getElementById("code").value = `${digits.slice(0, 4)} ${digits.slice(4)}`;
  history.replaceState(null, "", window.location.pathname);
}
