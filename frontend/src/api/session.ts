import { type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { StudioConfig } from "@/api/types";
import { makeProblem, type Problem, problemFromResponse } from "@/lib/problem";
import { createStore, useStore } from "@/lib/store";

/**
 * Who is signed in. The provider is any OpenID provider: authorization code with
 * PKCE, as a public client. Tokens live in the tab's session storage.
 */
export type Session =
  | { readonly phase: "starting" }
  | { readonly phase: "signed-in" }
  /** `problem` where it was not the user's wish. */
  | { readonly phase: "signed-out"; readonly problem: Problem | null };

const session = createStore<Session>({ phase: "starting" });

export const CALLBACK_PATH = "/auth/callback";
/** A token is renewed when it ends so soon. */
const RENEW_BEFORE_SECONDS = 60;
/** Set by a sign-out: the tab is then not signed in again without a question. */
const SIGNED_OUT_KEY = "mcpengine:signed-out";

let manager: UserManager | null = null;
let user: User | null = null;
let renewal: Promise<void> | null = null;
let builtIn = false;

export function useSession(): Session {
  return useStore(session);
}

/**
 * Takes up the tab's session, ends a sign-in that comes back from the provider, or
 * begins one where that needs no question. Returns the path to show, if another.
 */
export async function startSession(): Promise<string | null> {
  try {
    const { auth } = await readConfig();
    builtIn = auth.builtIn;
    manager = makeManager(auth);
    if (window.location.pathname === CALLBACK_PATH) return await endSignIn(manager);
    user = await manager.getUser();
    if (user && !(await token())) user = null;
    if (user) {
      session.set({ phase: "signed-in" });
    } else if (builtIn && !sessionStorage.getItem(SIGNED_OUT_KEY)) {
      await beginSignIn("none");
    } else {
      session.set({ phase: "signed-out", problem: null });
    }
  } catch (error) {
    session.set({ phase: "signed-out", problem: signInProblem(error) });
  }
  return null;
}

/** Goes to the provider's page and comes back to the page that is shown now. */
export async function signIn(): Promise<void> {
  try {
    if (manager) await beginSignIn();
    else window.location.reload();
  } catch (error) {
    session.set({ phase: "signed-out", problem: signInProblem(error) });
  }
}

/** Forgets the tokens, ends the provider's session where it can, and starts anew. */
export async function signOut(): Promise<void> {
  sessionStorage.setItem(SIGNED_OUT_KEY, "1");
  const { end_session_endpoint } = (await manager?.metadataService.getMetadata()) ?? {};
  if (manager && end_session_endpoint) {
    await manager.signoutRedirect({ post_logout_redirect_uri: window.location.origin });
    return;
  }
  await manager?.removeUser();
  // Nothing that the page has in memory outlives the account.
  window.location.assign("/");
}

/**
 * `fetch` with the session's token. A refusal of the token is answered by a new one
 * and one more try; where there is none, by the sign-in page.
 */
export async function fetchSignedIn(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await send(request, await token());
  if (response.status !== 401 || session.get().phase !== "signed-in") return response;
  const renewed = await token({ renew: true });
  const second = renewed ? await send(again, renewed) : response;
  if (second.status === 401) {
    const problem = await problemFromResponse(second.clone());
    // Of several requests the first says why: the page that it leads to cuts the others off.
    if (session.get().phase !== "signed-in") return second;
    user = null;
    session.set({ phase: "signed-out", problem });
    await manager?.removeUser();
  }
  return second;
}

function send(request: Request, bearer: string | null): Promise<Response> {
  if (bearer) request.headers.set("authorization", `Bearer ${bearer}`);
  return globalThis.fetch(request);
}

/** A token that is good for a while; `null` where nobody is signed in. */
async function token({ renew = false } = {}): Promise<string | null> {
  const left = user?.expires_in ?? Number.POSITIVE_INFINITY;
  if (user && (renew || left < RENEW_BEFORE_SECONDS)) {
    renewal ??= renewToken().finally(() => {
      renewal = null;
    });
    await renewal;
  }
  return user && !user.expired ? bearerOf(user) : null;
}

async function renewToken(): Promise<void> {
  if (!manager || !user?.refresh_token) return;
  try {
    user = await manager.signinSilent();
  } catch {
    // The token in hand serves to its end; then the sign-in page does.
  }
}

/** The access token, or the ID token where that one can be read by its issuer only. */
export function bearerOf(tokens: { access_token: string; id_token?: string | undefined }): string {
  const isSigned = tokens.access_token.split(".").length === 3;
  return isSigned ? tokens.access_token : (tokens.id_token ?? tokens.access_token);
}

async function readConfig(): Promise<StudioConfig> {
  const response = await fetch(new URL("/api/config", window.location.origin));
  if (!response.ok) throw await problemFromResponse(response);
  return response.json();
}

function makeManager({ authority, metadataUrl, clientId, scopes }: StudioConfig["auth"]) {
  return new UserManager({
    authority,
    metadataUrl,
    client_id: clientId,
    redirect_uri: `${window.location.origin}${CALLBACK_PATH}`,
    response_type: "code",
    scope: scopes,
    userStore: new WebStorageStateStore({ store: window.sessionStorage }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
    automaticSilentRenew: false,
  });
}

async function beginSignIn(prompt?: "none"): Promise<void> {
  const { pathname, search, hash } = window.location;
  const state = pathname === CALLBACK_PATH ? "/" : `${pathname}${search}${hash}`;
  await manager?.signinRedirect({ state, ...(prompt && { prompt }) });
}

async function endSignIn(manager: UserManager): Promise<string> {
  user = await manager.signinRedirectCallback();
  sessionStorage.removeItem(SIGNED_OUT_KEY);
  session.set({ phase: "signed-in" });
  const path = typeof user.state === "string" ? user.state : "/";
  // A path of this site and nothing else.
  return /^\/(?![/\\])/.test(path) ? path : "/";
}

function signInProblem(error: unknown): Problem {
  if (typeof error === "object" && error !== null && "remedy" in error) return error as Problem;
  const message = error instanceof Error ? error.message : String(error);
  return makeProblem({ code: "sign_in_failed", message: `You could not be signed in: ${message}` });
}
