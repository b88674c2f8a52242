//! Rows of the store as the API tells them, for routes and jobs alike.

use mcpengine_api::{
    Access, Artifact, DeployTarget, DeploymentStatus, FigureSource, LimitedAction, Role, Tier,
};
use mcpengine_store::deployments;

pub(crate) fn target(target: deployments::Target) -> DeployTarget {
    match target {
        deployments::Target::Mcpengine => DeployTarget::Mcpengine,
        deployments::Target::Cloudflare => DeployTarget::Cloudflare,
        deployments::Target::Npm => DeployTarget::Npm,
        deployments::Target::Docker => DeployTarget::Docker,
        deployments::Target::Download => DeployTarget::Download,
    }
}

pub(crate) fn artifact(artifact: deployments::Artifact) -> Artifact {
    Artifact {
        name: artifact.name,
        media_type: artifact.media_type,
        bytes: artifact.bytes,
        sha256: artifact.sha256,
    }
}

pub(crate) fn access(access: deployments::Access) -> Access {
    match access {
        deployments::Access::Token => Access::Token,
        deployments::Access::Public => Access::Public,
    }
}

pub(crate) fn status(status: deployments::DeploymentStatus) -> DeploymentStatus {
    match status {
        deployments::DeploymentStatus::Pending => DeploymentStatus::Pending,
        deployments::DeploymentStatus::Building => DeploymentStatus::Building,
        deployments::DeploymentStatus::Live => DeploymentStatus::Live,
        deployments::DeploymentStatus::Failed => DeploymentStatus::Failed,
        deployments::DeploymentStatus::Stopped => DeploymentStatus::Stopped,
    }
}

pub(crate) fn tier(tier: mcpengine_tiers::Tier) -> Tier {
    match tier {
        mcpengine_tiers::Tier::Free => Tier::Free,
        mcpengine_tiers::Tier::Pro => Tier::Pro,
        mcpengine_tiers::Tier::Team => Tier::Team,
        mcpengine_tiers::Tier::Enterprise => Tier::Enterprise,
    }
}

pub(crate) fn action(action: mcpengine_tiers::Action) -> LimitedAction {
    match action {
        mcpengine_tiers::Action::Analyze => LimitedAction::Analyze,
        mcpengine_tiers::Action::Generate => LimitedAction::Generate,
        mcpengine_tiers::Action::Deploy => LimitedAction::Deploy,
    }
}

pub(crate) fn figure_source(source: mcpengine_tiers::Source) -> FigureSource {
    match source {
        mcpengine_tiers::Source::Brief => FigureSource::Brief,
        mcpengine_tiers::Source::Default => FigureSource::Default,
    }
}

pub(crate) fn role(role: mcpengine_store::Role) -> Role {
    match role {
        mcpengine_store::Role::Viewer => Role::Viewer,
        mcpengine_store::Role::Editor => Role::Editor,
        mcpengine_store::Role::Admin => Role::Admin,
        mcpengine_store::Role::Owner => Role::Owner,
    }
}

/// The inverse of [`role`].
pub(crate) fn role_of(role: Role) -> mcpengine_store::Role {
    match role {
        Role::Viewer => mcpengine_store::Role::Viewer,
        Role::Editor => mcpengine_store::Role::Editor,
        Role::Admin => mcpengine_store::Role::Admin,
        Role::Owner => mcpengine_store::Role::Owner,
    }
}
