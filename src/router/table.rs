//! The table of routes: method, path, how it may be signed in to, what it does.

use mcpengine_api::TokenScope;
use worker::Method;

use crate::auth::scopes::Access;

/// Whether a route needs to know who asks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Endpoint {
    /// It tells nothing of anybody, or knows who sends by a signature.
    Public(Open),
    /// How it may be signed in to, and what it does.
    Guarded(Access, Scoped),
}

pub(super) use Endpoint::{Guarded, Public};

pub(super) const ANY: Access = Access::Any;
pub(super) const SESSION: Access = Access::Session;
pub(super) const READ: Access = Access::Scope(TokenScope::ProjectsRead);
pub(super) const WRITE: Access = Access::Scope(TokenScope::ProjectsWrite);
pub(super) const DEPLOY: Access = Access::Scope(TokenScope::ServersDeploy);

#[derive(Debug, Clone, Copy)]
pub(super) enum Open {
    Health,
    Config,
    Openapi,
    Tiers,
    ClerkWebhook,
    StripeWebhook,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Scoped {
    GetMe,
    GetBilling,
    StartCheckout,
    OpenBillingPortal,
    DeleteMe,
    ExportMe,
    ListPersonalTokens,
    CreatePersonalToken,
    RevokePersonalToken,
    Team(Sharing),
    ListAudit,
    ListProjects,
    CreateProject,
    GetProject,
    UpdateProject,
    DeleteProject,
    TransferProject,
    GetAnalysis,
    ListTools,
    GetBundle,
    ListDeployments,
    StopProject,
    StartProject,
    ListTokens,
    CreateToken,
    RevokeToken,
    ListSecrets,
    DeleteSecret,
    GetDeployment,
    ActivateDeployment,
    GetArtifact,
    GetMetrics,
    GetLogs,
    Analyze,
    Generate,
    Deploy,
    GetJob,
    CancelJob,
    GetJobEvents,
    GetUsage,
}

/// What concerns teams: who is in them, and who is asked in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sharing {
    ListTeams,
    CreateTeam,
    GetTeam,
    UpdateTeam,
    DeleteTeam,
    TransferTeam,
    UpdateMember,
    RemoveMember,
    CreateInvitation,
    RevokeInvitation,
    PreviewInvitation,
    AcceptInvitation,
}

impl Scoped {
    /// Whether it takes an `Idempotency-Key`; the document says the same.
    pub(super) const fn makes_something(self) -> bool {
        matches!(
            self,
            Self::CreatePersonalToken
                | Self::CreateProject
                | Self::CreateToken
                | Self::Team(Sharing::CreateTeam | Sharing::CreateInvitation)
                | Self::StartCheckout
                | Self::Analyze
                | Self::Generate
                | Self::Deploy
        )
    }
}

pub(super) const ROUTES: &[(Method, &str, Endpoint)] = &[
    (Method::Get, "/api/health", Public(Open::Health)),
    (Method::Get, "/api/config", Public(Open::Config)),
    (Method::Get, "/api/openapi.json", Public(Open::Openapi)),
    (Method::Get, "/api/tiers", Public(Open::Tiers)),
    (
        Method::Post,
        "/api/webhooks/clerk",
        Public(Open::ClerkWebhook),
    ),
    (
        Method::Post,
        "/api/webhooks/stripe",
        Public(Open::StripeWebhook),
    ),
    (Method::Get, "/api/me", Guarded(ANY, Scoped::GetMe)),
    (
        Method::Delete,
        "/api/me",
        Guarded(SESSION, Scoped::DeleteMe),
    ),
    (
        Method::Get,
        "/api/me/export",
        Guarded(SESSION, Scoped::ExportMe),
    ),
    (
        Method::Get,
        "/api/billing",
        Guarded(SESSION, Scoped::GetBilling),
    ),
    (
        Method::Post,
        "/api/billing/checkout",
        Guarded(SESSION, Scoped::StartCheckout),
    ),
    (
        Method::Post,
        "/api/billing/portal",
        Guarded(SESSION, Scoped::OpenBillingPortal),
    ),
    (
        Method::Get,
        "/api/tokens",
        Guarded(SESSION, Scoped::ListPersonalTokens),
    ),
    (
        Method::Post,
        "/api/tokens",
        Guarded(SESSION, Scoped::CreatePersonalToken),
    ),
    (
        Method::Delete,
        "/api/tokens/{id}",
        Guarded(SESSION, Scoped::RevokePersonalToken),
    ),
    (
        Method::Get,
        "/api/audit",
        Guarded(SESSION, Scoped::ListAudit),
    ),
    (
        Method::Get,
        "/api/teams",
        Guarded(READ, Scoped::Team(Sharing::ListTeams)),
    ),
    (
        Method::Post,
        "/api/teams",
        Guarded(SESSION, Scoped::Team(Sharing::CreateTeam)),
    ),
    (
        Method::Get,
        "/api/teams/{id}",
        Guarded(READ, Scoped::Team(Sharing::GetTeam)),
    ),
    (
        Method::Patch,
        "/api/teams/{id}",
        Guarded(SESSION, Scoped::Team(Sharing::UpdateTeam)),
    ),
    (
        Method::Delete,
        "/api/teams/{id}",
        Guarded(SESSION, Scoped::Team(Sharing::DeleteTeam)),
    ),
    (
        Method::Post,
        "/api/teams/{id}/transfer",
        Guarded(SESSION, Scoped::Team(Sharing::TransferTeam)),
    ),
    (
        Method::Patch,
        "/api/teams/{id}/members/{userId}",
        Guarded(SESSION, Scoped::Team(Sharing::UpdateMember)),
    ),
    (
        Method::Delete,
        "/api/teams/{id}/members/{userId}",
        Guarded(SESSION, Scoped::Team(Sharing::RemoveMember)),
    ),
    (
        Method::Post,
        "/api/teams/{id}/invitations",
        Guarded(SESSION, Scoped::Team(Sharing::CreateInvitation)),
    ),
    (
        Method::Delete,
        "/api/teams/{id}/invitations/{invitationId}",
        Guarded(SESSION, Scoped::Team(Sharing::RevokeInvitation)),
    ),
    (
        Method::Post,
        "/api/invitations/preview",
        Guarded(SESSION, Scoped::Team(Sharing::PreviewInvitation)),
    ),
    (
        Method::Post,
        "/api/invitations/accept",
        Guarded(SESSION, Scoped::Team(Sharing::AcceptInvitation)),
    ),
    (
        Method::Get,
        "/api/projects",
        Guarded(READ, Scoped::ListProjects),
    ),
    (
        Method::Post,
        "/api/projects",
        Guarded(WRITE, Scoped::CreateProject),
    ),
    (
        Method::Get,
        "/api/projects/{id}",
        Guarded(READ, Scoped::GetProject),
    ),
    (
        Method::Patch,
        "/api/projects/{id}",
        Guarded(WRITE, Scoped::UpdateProject),
    ),
    (
        Method::Delete,
        "/api/projects/{id}",
        Guarded(WRITE, Scoped::DeleteProject),
    ),
    (
        Method::Post,
        "/api/projects/{id}/transfer",
        Guarded(SESSION, Scoped::TransferProject),
    ),
    (
        Method::Get,
        "/api/projects/{id}/analysis",
        Guarded(READ, Scoped::GetAnalysis),
    ),
    (
        Method::Get,
        "/api/projects/{id}/tools",
        Guarded(READ, Scoped::ListTools),
    ),
    (
        Method::Get,
        "/api/projects/{id}/bundle",
        Guarded(READ, Scoped::GetBundle),
    ),
    (
        Method::Get,
        "/api/projects/{id}/deployments",
        Guarded(READ, Scoped::ListDeployments),
    ),
    (
        Method::Post,
        "/api/projects/{id}/stop",
        Guarded(DEPLOY, Scoped::StopProject),
    ),
    (
        Method::Post,
        "/api/projects/{id}/start",
        Guarded(DEPLOY, Scoped::StartProject),
    ),
    (
        Method::Get,
        "/api/projects/{id}/tokens",
        Guarded(DEPLOY, Scoped::ListTokens),
    ),
    (
        Method::Post,
        "/api/projects/{id}/tokens",
        Guarded(DEPLOY, Scoped::CreateToken),
    ),
    (
        Method::Delete,
        "/api/projects/{id}/tokens/{tokenId}",
        Guarded(DEPLOY, Scoped::RevokeToken),
    ),
    (
        Method::Get,
        "/api/projects/{id}/secrets",
        Guarded(DEPLOY, Scoped::ListSecrets),
    ),
    (
        Method::Delete,
        "/api/projects/{id}/secrets/{name}",
        Guarded(DEPLOY, Scoped::DeleteSecret),
    ),
    (
        Method::Get,
        "/api/deployments/{id}",
        Guarded(READ, Scoped::GetDeployment),
    ),
    (
        Method::Post,
        "/api/deployments/{id}/activate",
        Guarded(DEPLOY, Scoped::ActivateDeployment),
    ),
    (
        Method::Get,
        "/api/deployments/{id}/artifact",
        Guarded(READ, Scoped::GetArtifact),
    ),
    (
        Method::Get,
        "/api/deployments/{id}/metrics",
        Guarded(READ, Scoped::GetMetrics),
    ),
    (
        Method::Get,
        "/api/deployments/{id}/logs",
        Guarded(READ, Scoped::GetLogs),
    ),
    (
        Method::Post,
        "/api/analyze",
        Guarded(WRITE, Scoped::Analyze),
    ),
    (
        Method::Post,
        "/api/generate",
        Guarded(WRITE, Scoped::Generate),
    ),
    (Method::Post, "/api/deploy", Guarded(DEPLOY, Scoped::Deploy)),
    (Method::Get, "/api/jobs/{id}", Guarded(READ, Scoped::GetJob)),
    (
        Method::Post,
        "/api/jobs/{id}/cancel",
        Guarded(WRITE, Scoped::CancelJob),
    ),
    (
        Method::Get,
        "/api/jobs/{id}/events",
        Guarded(READ, Scoped::GetJobEvents),
    ),
    (Method::Get, "/api/usage", Guarded(READ, Scoped::GetUsage)),
];
