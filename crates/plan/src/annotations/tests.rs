use super::*;
use crate::fixtures::operation;

#[test]
fn hints_are_true() {
    // (read-only, destructive, idempotent)
    for (method, path, id, expected) in [
        (Method::Get, "/pets", None, (true, false, true)),
        (
            Method::Get,
            "/users/{id}/delete",
            None,
            (false, true, false),
        ),
        (Method::Head, "/pets", None, (true, false, true)),
        (Method::Query, "/pets", None, (true, false, true)),
        (
            Method::Post,
            "/pets",
            Some("createPet"),
            (false, false, false),
        ),
        (Method::Post, "/pets/search", None, (true, false, true)),
        (Method::Post, "/v1/indexes:query", None, (true, false, true)),
        (
            Method::Post,
            "/pets",
            Some("searchPets"),
            (true, false, true),
        ),
        (
            Method::Post,
            "/pets/search",
            Some("createSearch"),
            (false, false, false),
        ),
        (Method::Post, "/chat.delete", None, (false, true, false)),
        (
            Method::Post,
            "/accounts/{account}",
            None,
            (false, true, false),
        ),
        (
            Method::Post,
            "/orders/{id}/cancel",
            None,
            (false, true, false),
        ),
        (
            Method::Post,
            "/orders/{id}/transfer",
            Some("orders/transfer"),
            (false, true, false),
        ),
        (
            Method::Post,
            "/transferInstruments",
            Some("post-transferInstruments"),
            (false, false, false),
        ),
        (
            Method::Post,
            "/employees/{id}/leave",
            Some("createEmployeeLeave"),
            (false, false, false),
        ),
        (
            Method::Post,
            "/lists/{id}/merge-fields",
            Some("postListsIdMergeFields"),
            (false, false, false),
        ),
        (
            Method::Post,
            "/conversations.leave",
            Some("conversations_leave"),
            (false, true, false),
        ),
        (
            Method::Post,
            "/charges/{charge}/refund",
            Some("PostChargesChargeRefund"),
            (false, true, false),
        ),
        (Method::Put, "/pets/{id}", None, (false, true, true)),
        (Method::Patch, "/pets/{id}", None, (false, true, false)),
        (Method::Delete, "/pets/{id}", None, (false, true, true)),
    ] {
        let hints = plan(&operation(method, path, id));
        let found = (
            hints.read_only_hint,
            hints.destructive_hint,
            hints.idempotent_hint,
        );
        assert_eq!(found, expected, "{method:?} {path} {id:?}");
        assert!(hints.open_world_hint);
    }
}

#[test]
fn a_post_that_asks_is_told_from_one_that_only_sounds_so() {
    for (path, id, expected) in [
        ("/v1/search", None, true),
        ("/product-search", None, true),
        ("/saved-search", None, false),
        ("/price-list", None, false),
        ("/folders/{id}/list", None, false),
        ("/allowlists/list", Some("listAllowed"), true),
        (
            "/value_lists/{list}",
            Some("PostRadarValueListsValueList"),
            false,
        ),
        ("/graphql", None, false),
        ("/graphql:issues:list", Some("Issues_List"), true),
        ("/gateways/{id}/getRoutes", Some("Gateways_GetRoutes"), true),
        (
            "/values:batchGetByFilter",
            Some("sheets.values.batchGetByFilter"),
            true,
        ),
        (
            "/values:batchClearByDataFilter",
            Some("sheets.values.batchClearByDataFilter"),
            false,
        ),
        (
            "/values:batchUpdateByDataFilter",
            Some("sheets.values.batchUpdateByDataFilter"),
            false,
        ),
        (
            "/attestations/bulk-list",
            Some("orgs/list-attestations-bulk"),
            true,
        ),
        (
            "/messages/search-time-series",
            Some("postMessagesSearchTimeSeries"),
            true,
        ),
        ("/users/find-or-create", None, false),
        ("/counters/get-and-reset", None, false),
        ("/flags/conflicts", Some("getFlagConflicts"), true),
        (
            "/auth/app-portal-access/{id}/",
            Some("get_app_portal_access"),
            false,
        ),
        ("/oauth/token", Some("getToken"), false),
        ("/tokens/search", Some("searchTokens"), true),
    ] {
        let hints = plan(&operation(Method::Post, path, id));
        assert_eq!(hints.read_only_hint, expected, "{path} {id:?}");
    }
    for (summary, expected) in [("Lists what is allowed", true), ("Create a list", false)] {
        let mut list = operation(Method::Post, "/folders/{id}/list", None);
        list.summary = Some(summary);
        assert_eq!(plan(&list).read_only_hint, expected, "{summary}");
    }
    let mut sql = operation(Method::Post, "/projects/{id}/queries", Some("jobs.query"));
    assert!(plan(&sql).read_only_hint);
    sql.description = Some("Runs a SQL query synchronously.");
    assert!(!plan(&sql).read_only_hint);
}

#[test]
fn a_get_that_does_something_is_not_read_only() {
    for (path, id, expected) in [
        ("/user/logout", Some("logoutUser"), (false, true)),
        ("/views.publish", Some("views_publish"), (false, false)),
        (
            "/workflows.updateStep",
            Some("workflows_updateStep"),
            (false, true),
        ),
        ("/auth.revoke", Some("auth_revoke"), (false, true)),
        ("/pets/{id}", Some("deletePet"), (false, true)),
        ("/tokens/{id}/rotate", None, (false, true)),
        ("/billing/update", Some("getBillingUpdate"), (true, false)),
        (
            "/campaigns/{id}/send-checklist",
            Some("getCampaignsIdSendChecklist"),
            (true, false),
        ),
        ("/team.accessLogs", Some("team_accessLogs"), (true, false)),
        (
            "/Accounts/{Sid}/Calls.json",
            Some("ListCall"),
            (true, false),
        ),
        ("/updates", Some("listUpdates"), (true, false)),
    ] {
        let hints = plan(&operation(Method::Get, path, id));
        assert_eq!(
            (hints.read_only_hint, hints.destructive_hint),
            expected,
            "{path} {id:?}"
        );
        assert_eq!(hints.idempotent_hint, hints.read_only_hint, "{path}");
    }
}

#[test]
fn what_a_post_says_of_itself_counts() {
    // (read-only, destructive)
    for (path, id, summary, expected) in [
        (
            "/redaction/{id}/user",
            "redactUser",
            "Deletes membership data",
            (false, true),
        ),
        (
            "/taxonomies/{key}/levels:trim",
            "create_levels_trim",
            "",
            (false, true),
        ),
        ("/shipment/cancelbulk", "", "", (false, true)),
        (
            "/automations/{id}/removed",
            "",
            "Remove a subscriber",
            (false, true),
        ),
        (
            "/payouts/{id}/reverse",
            "PostPayoutsPayoutReverse",
            "",
            (false, true),
        ),
        (
            "/schedules/{id}/release",
            "PostSchedulesRelease",
            "",
            (false, true),
        ),
        ("/key/rotate/", "rotateKey", "", (false, true)),
        ("/item/access_token/invalidate", "", "", (false, true)),
        (
            "/users/{id}/lifecycle",
            "",
            "Permanently deactivate a user",
            (false, true),
        ),
        (
            "/releases",
            "createRelease",
            "Create a release",
            (false, false),
        ),
        (
            "/transfer/get",
            "transferGet",
            "Retrieve a transfer",
            (true, false),
        ),
        (
            "/transfer/list",
            "transferList",
            "List transfers",
            (true, false),
        ),
        (
            "/transfer/event/list",
            "transferEventList",
            "List events",
            (true, false),
        ),
        (
            "/transfer/create",
            "transferCreate",
            "Create a transfer",
            (false, false),
        ),
        (
            "/transfer/cancel",
            "transferCancel",
            "Cancel a transfer",
            (false, true),
        ),
        (
            "/destinations/{project}",
            "postDestination",
            "Create a destination",
            (false, false),
        ),
        (
            "/idps/{id}/users/{user}",
            "",
            "Link a user to a provider",
            (false, false),
        ),
        (
            "/segments/refresh/{id}",
            "",
            "Manually refresh a segment",
            (false, false),
        ),
        (
            "/customers/{id}",
            "postCustomer",
            "Updates a customer",
            (false, true),
        ),
        (
            "/customers/{id}",
            "postCustomer",
            "Create or update a customer",
            (false, true),
        ),
        (
            "/containers/{id}/wait",
            "",
            "Block until a container stops",
            (false, false),
        ),
        (
            "/workflows/{id}/unarchive",
            "",
            "Restores a workflow",
            (false, false),
        ),
    ] {
        let mut operation = operation(Method::Post, path, Some(id).filter(|id| !id.is_empty()));
        operation.summary = Some(summary).filter(|summary| !summary.is_empty());
        let hints = plan(&operation);
        let found = (hints.read_only_hint, hints.destructive_hint);
        assert_eq!(found, expected, "{path} {id:?} {summary:?}");
    }
}
