/** What went wrong, in the form that every screen shows it. */
export interface Problem {
  /** Stable, e.g. `document_syntax`. */
  readonly code: string;
  /** One sentence that names the cause. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly remedy: string | null;
  /** JSON pointer into the document. */
  readonly pointer: string | null;
  /** 1-based. */
  readonly line: number | null;
  /** 1-based, in characters. */
  readonly column: number | null;
  readonly requestId: string | null;
  /** Whether the same step may succeed when it is tried again. */
  readonly recoverable: boolean;
}

/** An [`Error`] that carries a {@link Problem}; everything below the screens throws it. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Remedies for codes that come without one, most of them our own. */
const REMEDIES: Readonly<Record<string, string>> = {
  network_unreachable: "Check that the studio is running and that you are online, then try again.",
  unauthenticated: "Sign in to go on.",
  token_expired: "Your session has ended. Sign in again to go on.",
  invalid_token: "Your session is not valid any more. Sign in again to go on.",
  account_deleted: "Sign in with another account.",
  sign_in_unavailable: "Wait a moment, then try again.",
  sign_in_failed: "Try again.",
  stream_cut: "Nothing that was finished is lost. Try again to continue.",
  job_not_found: "Start again from the API description.",
  project_not_found: "It may have been deleted. Go back to the list of projects.",
  url_denied: "Give an address on the public internet, or paste the document itself.",
  base_url_denied: "Give the address at which the API is on the public internet.",
  no_tools: "Switch at least one tool on, then try again.",
  edit_conflict: "Reload the page to see what was changed meanwhile, then change it again.",
  revision_changed: "Somebody else was faster. Reload the page, then change it again.",
  precondition_failed:
    "The project was changed somewhere else, and is loaded again. Make your change once more.",
  not_generated: "Deploy from the start page of the project; it generates first.",
  document_too_large:
    "Give a smaller description, for example only the part of the API that you need.",
  version_failed: "Deploy again, or make another version live.",
  version_in_progress: "Wait for its end.",
  never_live: "Deploy the project first.",
  health_check_failed: "Make another version live, or deploy again.",
  server_failed: "Make another version live, or deploy again.",
  too_many_tokens: "Revoke one that is no longer used, then create the new one.",
  token_not_found: "Reload the page to see the tokens that there are.",
  insufficient_role: "Ask an admin of the team for another role.",
  team_not_found: "You may have left it, or it was deleted. Go back to the list of teams.",
  invitation_not_found:
    "It was taken, taken back, or is too old. Ask whoever sent it for a new link.",
  no_seat_left: "Take back an invitation, remove a member, or get more seats.",
  team_has_projects: "Delete its projects, or move them to somebody else first.",
  owner_must_transfer: "Choose a new owner in the team's settings first.",
  subscribed: "End the subscription under Billing, then try again.",
  owns_teams: "Hand the team on to a member, or delete it, then try again.",
  deploy_running: "Wait for the running deployment to finish, then try again.",
};

interface ProblemInput {
  code: string;
  message: string;
  details?: unknown;
  requestId?: string | null;
  recoverable?: boolean;
}

/** Makes a problem; `details` is the untyped object of the error envelope or event. */
export function makeProblem(input: ProblemInput): Problem {
  const details = isRecord(input.details) ? input.details : {};
  return {
    code: input.code,
    message: input.message,
    remedy: limitRemedy(input.code, details) ?? text(details.help) ?? REMEDIES[input.code] ?? null,
    pointer: typeof details.pointer === "string" ? details.pointer : null,
    line: count(details.line),
    column: count(details.column),
    requestId: input.requestId ?? null,
    recoverable: input.recoverable ?? false,
  };
}

/** Whether the tier is what stands in the way; another tier may have more. */
export function isOfTier({ code }: Problem): boolean {
  return code === "rate_limited" || code === "too_many_servers";
}

/** When a limit lets the next through, and what the next tier has. */
function limitRemedy(code: string, details: Record<string, unknown>): string | null {
  if (code !== "rate_limited") return null;
  const again = text(details.resetAt);
  const next = isRecord(details.nextTier) ? details.nextTier : {};
  const tier = text(next.tier);
  const has = typeof next.limit === "number" ? next.limit.toLocaleString("en") : "no limit";
  return [again && `It works again ${clockTime(again)}.`, tier && `The ${tier} tier has ${has}.`]
    .filter(Boolean)
    .join(" ");
}

/** `at 14:05`, or `on Tuesday at 14:05` where that is not today, in the reader's place. */
export function clockTime(iso: string, now = new Date()): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  // Rounded up: who comes in the minute that is named must not be too early.
  const whole = new Date(Math.ceil(time.getTime() / 60_000) * 60_000);
  const clock = whole.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (whole.toDateString() === now.toDateString()) return `at ${clock}`;
  return `on ${whole.toLocaleDateString("en", { weekday: "long" })} at ${clock}`;
}

/** Reads the error envelope of an answer that is not 2xx, or says what came instead. */
export async function problemFromResponse(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  return problemFromBody(body, response);
}

/** The same for a body that has been read; a body in another form is not trusted. */
export function problemFromBody(body: unknown, response: Response): Problem {
  const recoverable = response.status >= 500 || response.status === 429 || response.status === 408;
  const error = isRecord(body) && isRecord(body.error) ? body.error : null;
  if (error && typeof error.code === "string" && typeof error.message === "string") {
    return makeProblem({
      code: error.code,
      message: error.message,
      details: error.details,
      requestId: text(error.requestId) ?? response.headers.get("x-request-id"),
      recoverable,
    });
  }
  return makeProblem({
    code: `http_${response.status}`,
    message: `The studio answered ${response.status}${response.statusText ? ` ${response.statusText}` : ""} without an explanation.`,
    requestId: response.headers.get("x-request-id"),
    recoverable,
  });
}

/** Any thrown value as a problem. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  // `fetch` rejects with a TypeError where no answer came at all.
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) {
    return makeProblem({
      code: "network_unreachable",
      message: "The studio could not be reached.",
      recoverable: true,
    });
  }
  const message = error instanceof Error && error.message ? error.message : String(error);
  return makeProblem({ code: "unexpected", message, recoverable: false });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null;
}
