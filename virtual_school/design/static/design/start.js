// GOV.UK Frontend is styled for scripts only once this class is on the body; the policy allows no inline script.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
