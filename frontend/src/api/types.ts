/** The wire types by the names that the rest of the application uses. */
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type ActionUsage = Schemas["ActionUsage"];
export type HolderUsage = Schemas["HolderUsage"];
export type LimitedAction = Schemas["LimitedAction"];
export type Tier = Schemas["Tier"];
export type TierAllowances = Schemas["TierAllowances"];
export type UsageDay = Schemas["UsageDay"];
export type Access = Schemas["Access"];
export type AnalysisResult = Schemas["AnalysisResult"];
export type AnalysisVariable = Schemas["AnalysisVariable"];
export type Artifact = Schemas["Artifact"];
export type AuthScheme = Schemas["AuthScheme"];
export type Billing = Schemas["Billing"];
export type BundleFile = Schemas["BundleFile"];
export type CallMetrics = Schemas["CallMetrics"];
export type CallOutcome = Schemas["CallOutcome"];
export type DeployConfig = Schemas["DeployConfig"];
export type DeployResult = Schemas["DeployResult"];
export type DeployTarget = Schemas["DeployTarget"];
export type Deployment = Schemas["Deployment"];
export type DeploymentMetrics = Schemas["DeploymentMetrics"];
export type Diagnostic = Schemas["Diagnostic"];
export type EndpointToken = Schemas["EndpointToken"];
export type ErrorBody = Schemas["ErrorBody"];
export type Job = Schemas["Job"];
export type LoggedCall = Schemas["LoggedCall"];
export type CreatePersonalToken = Schemas["CreatePersonalToken"];
export type AuditEntry = Schemas["AuditEntry"];
export type PersonalToken = Schemas["PersonalToken"];
export type PersonalTokenSummary = Schemas["PersonalTokenSummary"];
export type TokenScope = Schemas["TokenScope"];
export type InvitationSummary = Schemas["InvitationSummary"];
export type Invitation = Schemas["Invitation"];
export type Member = Schemas["Member"];
export type Project = Schemas["Project"];
export type ProjectStatus = Schemas["ProjectStatus"];
export type Role = Schemas["Role"];
export type SecretSummary = Schemas["SecretSummary"];
export type ServerBundle = Schemas["ServerBundle"];
export type ServerMode = Schemas["ServerMode"];
export type StartCheckout = Schemas["StartCheckout"];
export type StudioConfig = Schemas["StudioConfig"];
export type SubscriptionSummary = Schemas["SubscriptionSummary"];
export type TeamBilling = Schemas["TeamBilling"];
export type Team = Schemas["Team"];
export type TeamDetail = Schemas["TeamDetail"];
export type TokenSummary = Schemas["TokenSummary"];
export type ToolAnnotations = Schemas["ToolAnnotations"];
export type ToolDefinition = Schemas["ToolDefinition"];
export type ToolSummary = Schemas["ToolSummary"];

/** One change to a plan; unlike the generated type, its values are any JSON. */
export interface ToolEdit {
  /** The tool's key, `GET /pets/{petId}`. */
  readonly key: string;
  /** The field, e.g. `["enabled"]`. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** What the editor saw; the server answers 409 where it is another. */
  readonly prev: unknown;
}
