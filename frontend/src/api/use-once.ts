import { useState } from "react";

export interface Once {
  /** The headers for a request with this body. */
  headers: (body: unknown) => { "Idempotency-Key": string };
  /** It was made: the same once more is another one. */
  made: () => void;
}

/**
 * Keys for requests that make something: what is sent again because no answer came has the key of
 * the first time, so that the server makes it once.
 */
export function keysOf(newKey: () => string): Once {
  let sent: { text: string; key: string } | undefined;
  return {
    headers: (body) => {
      const text = JSON.stringify(body);
      if (sent?.text !== text) sent = { text, key: newKey() };
      return { "Idempotency-Key": sent.key };
    },
    made: () => {
      sent = undefined;
    },
  };
}

/** {@link keysOf} for one form, as long as it is shown. */
export function useOnce(): Once {
  const [once] = useState(() => keysOf(() => crypto.randomUUID()));
  return once;
}
