// Scenarios of the official runner, by what a server needs to pass them.

/** Requirement set 2026-07-28: frozen, see the runner's requirements/2026-07-28.yaml. */
export const REQUIRED = [
  "server-stateless",
  "completion-complete",
  "tools-list",
  "tools-call-simple-text",
  "tools-call-image",
  "tools-call-audio",
  "tools-call-embedded-resource",
  "tools-call-mixed-content",
  "tools-call-error",
  "tools-call-with-progress",
  "server-sse-multiple-streams",
  "resources-list",
  "resources-read-text",
  "resources-read-binary",
  "resources-templates-read",
  "sep-2164-resource-not-found",
  "prompts-list",
  "prompts-get-simple",
  "prompts-get-with-args",
  "prompts-get-embedded-resource",
  "prompts-get-with-image",
  "dns-rebinding-protection",
  "caching",
  "input-required-result-basic-elicitation",
  "input-required-result-basic-sampling",
  "input-required-result-basic-list-roots",
  "input-required-result-request-state",
  "input-required-result-multiple-input-requests",
  "input-required-result-multi-round",
  "input-required-result-missing-input-response",
  "input-required-result-non-tool-request",
  "input-required-result-result-type",
  "input-required-result-unsupported-methods",
  "input-required-result-tampered-state",
  "input-required-result-capability-check",
  "input-required-result-ignore-extra-params",
  "input-required-result-validate-input",
];

/** What the runner runs with that set and does not count. */
export const NOT_SCORED = [
  "json-schema-2020-12",
  "http-header-validation",
  "http-custom-header-server-validation",
];

/**
 * Requirement set 2025-11-25 without tools-call-sampling, tools-call-elicitation,
 * elicitation-sep1034-defaults and elicitation-sep1330-enums: in them the server
 * calls the client, for which it would have to keep a session.
 */
export const STATELESS_LEGACY = [
  "server-initialize",
  "logging-set-level",
  "ping",
  "completion-complete",
  "tools-list",
  "tools-call-simple-text",
  "tools-call-image",
  "tools-call-audio",
  "tools-call-embedded-resource",
  "tools-call-mixed-content",
  "tools-call-with-logging",
  "tools-call-error",
  "tools-call-with-progress",
  "server-sse-multiple-streams",
  "resources-list",
  "resources-read-text",
  "resources-read-binary",
  "resources-templates-read",
  "resources-subscribe",
  "resources-unsubscribe",
  "prompts-list",
  "prompts-get-simple",
  "prompts-get-with-args",
  "prompts-get-embedded-resource",
  "prompts-get-with-image",
  "dns-rebinding-protection",
];

/** What any server can be asked, whatever its tools are called. */
export const ANY_MODERN = [
  "server-stateless",
  "tools-list",
  "resources-list",
  "prompts-list",
  "caching",
  "dns-rebinding-protection",
  "http-header-validation",
  "sep-2164-resource-not-found",
  "server-sse-multiple-streams",
  "input-required-result-unsupported-methods",
  "input-required-result-missing-input-response",
  "input-required-result-ignore-extra-params",
  "input-required-result-validate-input",
];

export const ANY_LEGACY = [
  "server-initialize",
  "ping",
  "tools-list",
  "resources-list",
  "prompts-list",
  "dns-rebinding-protection",
];

/** Of the extension Skills (SEP-2640). */
export const SKILLS = [
  "sep-2640-skills-enumeration",
  "sep-2640-skills-manifest",
  "sep-2640-skills-directory",
];
