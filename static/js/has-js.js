// Loaded in the head, before anything is drawn: styles may depend on html.has-js.
document.documentElement.classList.add("has-js");
