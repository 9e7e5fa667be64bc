// The key of the caller, entered once for all pages of this tab. It is gone when the tab is closed.
const NAME = 'gatehouse.key';

export function readKey() {
  try {
    return sessionStorage.getItem(NAME) ?? '';
  } catch {
    return ''; // A browser that keeps nothing: it is asked for on each page.
  }
}

export function keepKey(key) {
  try {
    if (key === '') sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, key);
  } catch {
    // As above.
  }
}

/** Whether a header can carry it: a key is of visible ASCII. */
export function isKey(key) {
  return /^[\x21-\x7e]*$/.test(key);
}

export function withKey(key) {
  return key === '' ? {} : { headers: { 'x-api-key': key } };
}
