//! Rows of the store as the API tells them, for routes and jobs alike.

use mcpengine_api::{Access, Artifact, DeployTarget, DeploymentStatus};
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
