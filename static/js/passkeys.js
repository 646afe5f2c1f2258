// Ceremonies with a passkey, for <form data-passkey="create | get | fetch">. What is asked of the key
// stands on the page, or is fetched from where the form goes; what it answers is sent as the form.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const named = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));

async function optionsFor(form) {
  if (form.dataset.passkey !== "fetch") {
    return JSON.parse(document.getElementById("passkey-options").textContent).publicKey;
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).publicKey;
}

function ask(form, options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (form.dataset.passkey === "create") {
    publicKey.user = { ...options.user, id: bytes(options.user.id) };
    publicKey.excludeCredentials = named(options.excludeCredentials);
    return navigator.credentials.create({ publicKey });
  }
  publicKey.allowCredentials = named(options.allowCredentials);
  return navigator.credentials.get({ publicKey });
}

// Read one by one: they are no properties of the object's own.
function told(key) {
  const { response } = key;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) said[name] = text(response[name]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return {
    id: key.id,
    type: key.type,
    rawId: text(key.rawId),
    response: said,
    authenticatorAttachment: key.authenticatorAttachment,
    clientExtensionResults: key.getClientExtensionResults(),
  };
}

function say(form, sentence) {
  const place = form.querySelector("[role=alert]");
  place.textContent = sentence;
  place.hidden = !sentence;
}

function reason(form, error) {
  if (error.name === "NotAllowedError" || error.name === "AbortError") return form.dataset.cancelled;
  if (error.name === "InvalidStateError") return form.dataset.known;
  return form.dataset.failed;
}

async function perform(form) {
  const button = form.querySelector("button");
  say(form, "");
  button.disabled = true;
  try {
    const key = await ask(form, await optionsFor(form));
    form.elements.credential.value = JSON.stringify(told(key));
    form.submit();
  } catch (error) {
    button.disabled = false;
    say(form, reason(form, error));
  }
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  form.querySelector("button").hidden = false;
  form.querySelector(".passkey__without").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    perform(form);
  });
}
