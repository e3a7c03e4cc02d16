// Passkeys of staff: asks the browser what the form's `data-options` say and sends the answer with the form.
import { announce } from "./dom";

type Json = Record<string, unknown>;

/** Base64url to bytes, and back. */
function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function descriptors(given: unknown): PublicKeyCredentialDescriptor[] {
  const list = (given ?? []) as { id: string }[];
  return list.map((entry) => ({ type: "public-key", id: bytes(entry.id) }));
}

async function create(options: Json): Promise<Json> {
  const user = options["user"] as PublicKeyCredentialUserEntityJSON;
  const made = (await navigator.credentials.create({
    publicKey: {
      ...(options as unknown as PublicKeyCredentialCreationOptions),
      challenge: bytes(options["challenge"] as string),
      user: { ...user, id: bytes(user.id) },
      excludeCredentials: descriptors(options["excludeCredentials"]),
    },
  })) as PublicKeyCredential;
  const answer = made.response as AuthenticatorAttestationResponse;
  return {
    ...frame(made),
    response: {
      clientDataJSON: text(answer.clientDataJSON),
      attestationObject: text(answer.attestationObject),
      transports: answer.getTransports(),
    },
  };
}

async function get(options: Json): Promise<Json> {
  const found = (await navigator.credentials.get({
    publicKey: {
      ...(options as unknown as PublicKeyCredentialRequestOptions),
      challenge: bytes(options["challenge"] as string),
      allowCredentials: descriptors(options["allowCredentials"]),
    },
  })) as PublicKeyCredential;
  const answer = found.response as AuthenticatorAssertionResponse;
  return {
    ...frame(found),
    response: {
      clientDataJSON: text(answer.clientDataJSON),
      authenticatorData: text(answer.authenticatorData),
      signature: text(answer.signature),
      userHandle: answer.userHandle ? text(answer.userHandle) : null,
    },
  };
}

function frame(credential: PublicKeyCredential): Json {
  const attachment = credential.authenticatorAttachment;
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    ...(attachment ? { authenticatorAttachment: attachment } : {}),
  };
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    const field = form.elements.namedItem("credential") as HTMLInputElement;
    if (field.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const options = JSON.parse(form.dataset["options"] ?? "{}") as Json;
    const ask = form.dataset["passkey"] === "create" ? create(options) : get(options);
    ask.then(
      (answer) => {
        field.value = JSON.stringify(answer);
        form.requestSubmit();
      },
      () => {
        const words = form.dataset["failed"] ?? "";
        const place = form.querySelector("[data-passkey-message]");
        if (place) place.textContent = words;
        announce(words);
      },
    );
  });
}
