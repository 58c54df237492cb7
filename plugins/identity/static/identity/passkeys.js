// Asks for a passkey, or makes one, and sends what it answers with the form. A form says in data-passkey what to ask (the options
// of WebAuthn, as JSON); data-makes: a new one. Browsers that know no passkeys never show the form.
let waiting = new AbortController();

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  const asked = JSON.parse(form.dataset.passkey);
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    waiting.abort();
    waiting = new AbortController();
    const failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    try {
      await send(form, "makes" in form.dataset ? await make(asked) : await get(asked, {}));
    } catch {
      // Not wanted after all, or no key here: the page stays as it is.
      failed.hidden = false;
    }
  });
  if ("suggests" in form.dataset) suggest(form, asked);
}

function make(asked) {
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
}

function get(asked, more) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
  return navigator.credentials.get({ publicKey, signal: waiting.signal, ...more });
}

// Among what the browser offers in the field for the address.
async function suggest(form, asked) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  try {
    await send(form, await get(asked, { mediation: "conditional" }));
  } catch {
    // Somebody typed their password instead.
  }
}

async function send(form, credential) {
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  form.submit();
}
