// What this tab keeps until it is closed. Where the browser keeps nothing, `act` is not done.

export function inTab(act) {
  try {
    return act(sessionStorage);
  } catch {
    return null;
  }
}
