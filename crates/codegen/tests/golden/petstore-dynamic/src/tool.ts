/**
 * What a tool of this server is: its description for the model, and the recipe
 * that turns its arguments into one HTTP request. Plain data, see src/tools/.
 */

/** JSON Schema 2020-12 of an object. */
export interface ObjectSchema {
  readonly type: "object";
  readonly [keyword: string]: unknown;
}

export type Arguments = Readonly<Record<string, unknown>>;

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  /** Of the structured result; absent where the API does not describe one. */
  readonly outputSchema?: ObjectSchema;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  readonly request: RequestRecipe;
  readonly response: ResponseRecipe;
  readonly pagination?: Pagination;
  /**
   * Ways to authenticate, each a list of scheme ids (see src/config.ts) that
   * apply together. No way at all: the operation needs no credential.
   */
  readonly auth: readonly (readonly string[])[];
}

/** What `tools/list` shows of a tool. */
export type ListedTool = Pick<
  Tool,
  | "name"
  | "title"
  | "description"
  | "inputSchema"
  | "outputSchema"
  | "annotations"
>;

/** Tools that belong together. */
export interface ToolGroup {
  readonly id: string;
  readonly title: string;
  readonly tools: readonly Tool[];
}

export interface RequestRecipe {
  readonly method: string;
  /** Appended to the base URL; `{name}` is the path parameter of that name. */
  readonly path: string;
  /** Base URL of this operation where it differs from the API's. */
  readonly server?: UpstreamServer;
  readonly parameters?: readonly Parameter[];
  readonly body?: Body;
  /** The `Accept` header. */
  readonly accept?: string;
  /** Headers that are the same in every call, as the version of the API. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Location = "path" | "query" | "header" | "cookie";

/** How arrays and objects are written, see OpenAPI 3.1 §4.8.12.3. */
export type Style =
  | "simple"
  | "label"
  | "matrix"
  | "form"
  | "spaceDelimited"
  | "pipeDelimited"
  | "tabDelimited"
  | "deepObject";

export interface Parameter {
  /** Name on the wire. */
  readonly name: string;
  readonly in: Location;
  /** Property of the arguments; the same as `name` when absent. */
  readonly property?: string;
  /** Default: `form` in query and cookies, `simple` in path and headers. */
  readonly style?: Style;
  /** Default: true for `form`, else false. */
  readonly explode?: boolean;
  /** Reserved characters such as `/` and `:` are sent as they are. */
  readonly allowReserved?: boolean;
  /** The value is sent as JSON text. */
  readonly json?: boolean;
}

export interface Body {
  /** The `Content-Type` that is sent; of bytes also a range, as `image/*`. */
  readonly mediaType: string;
  readonly encoding: "json" | "form" | "multipart" | "text" | "binary";
  /** A body is sent even when none of its properties is given. */
  readonly required?: boolean;
  /** The body is the value of this one argument … */
  readonly property?: string;
  /** … or an object of these. */
  readonly properties?: readonly BodyProperty[];
}

export interface BodyProperty {
  /** Name in the body. */
  readonly name: string;
  /** Property of the arguments; the same as `name` when absent. */
  readonly property?: string;
  /** Multipart: a file, given as `{ filename?, contentType?, data }`. */
  readonly file?: boolean;
  /** Form and multipart: the value is sent as this media type. */
  readonly contentType?: string;
  /** Form: how arrays and objects are written; `form` when absent. */
  readonly style?: Style;
  readonly explode?: boolean;
  /** Form: reserved characters such as `/` and `:` are sent as they are. */
  readonly allowReserved?: boolean;
}

export interface ResponseRecipe {
  /** What a successful answer holds. */
  readonly kind: "json" | "text" | "binary" | "empty";
  /** The value is not an object, and is returned as `{ items: value }`. */
  readonly wrap?: boolean;
}

/** How a list is asked for page by page, see src/pages.ts. */
export interface Pagination {
  readonly style: "cursor" | "page" | "offset" | "link";
  /** Argument that says where the page starts. */
  readonly position?: string;
  /** Argument that says how long a page is. */
  readonly size?: string;
  /** Where the answer has the next position, or the address of the next page. */
  readonly next?: readonly string[];
  /** Property of the last item that is the next position. */
  readonly lastItem?: string;
  /** Where the answer says whether there is more. */
  readonly more?: readonly string[];
  /** Where the answer says how many items there are. */
  readonly total?: readonly string[];
  /** Where the answer has its items; empty: it is the list itself. */
  readonly items?: readonly string[];
}

export interface UpstreamServer {
  /** Absolute, or a path where the API's description names no host. */
  readonly url: string;
  readonly variables?: readonly ServerVariable[];
}

export interface ServerVariable {
  readonly name: string;
  /** Environment variable that sets it. */
  readonly env: string;
  readonly default?: string;
  readonly allowed?: readonly string[];
}

/** How a credential reaches the API. Secrets are names of environment variables. */
export type AuthScheme =
  | {
      readonly type: "apiKey";
      readonly in: "header" | "query" | "cookie";
      readonly name: string;
      readonly secrets: readonly string[];
    }
  /** User name and password. */
  | { readonly type: "basic"; readonly secrets: readonly string[] }
  /** A token: bearer, OAuth 2 and OpenID Connect. */
  | {
      readonly type: "bearer";
      readonly secrets: readonly string[];
      /** What gets such tokens, where it is set. */
      readonly client?: ClientCredentials;
    }
  /** Not available from a server like this one, for this reason. */
  | { readonly type: "unsupported"; readonly reason: string };

/** A client that gets access tokens by itself (RFC 6749 §4.4). */
export interface ClientCredentials {
  /** Absolute, or resolved against the base URL of the API. */
  readonly tokenUrl: string;
  /** Client id, client secret. */
  readonly secrets: readonly [id: string, secret: string];
  /** Asked for where the authorization server wants to be told. */
  readonly scopes?: readonly string[];
}

export interface Service {
  /** For programs. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly version: string;
  readonly instructions?: string;
  readonly websiteUrl?: string;
}

/** A problem that the model or the operator can solve: becomes an error result. */
export class ToolError extends Error {}
