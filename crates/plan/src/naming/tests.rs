use super::*;

use mcpengine_openapi::{Location, Method, Parameter};

fn candidates(operation: Operation<'_>) -> Candidates {
    let operations = [operation];
    let readings = Reading::all(&operations, 1);
    let document = Document::of(&operations, &readings);
    Candidates::new(&operations[0], &readings[0], None, &document)
}

/// The parameters that a path says in its fragment.
fn in_fragment(path: &str) -> Vec<Parameter<'static>> {
    let names = path.split_once('#').map_or("", |(_, names)| names);
    let names = names.split('&').filter(|name| !name.is_empty());
    let schema = serde_json::json!({"type": "string"});
    names
        .map(|name| crate::fixtures::parameter(name, Location::Query, &schema))
        .collect()
}

fn name(method: Method, path: &str, id: Option<&str>) -> String {
    let mut operation = crate::fixtures::operation(method, path, id);
    operation.parameters.extend(in_fragment(path));
    candidates(operation).first
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn operation_ids_become_snake_case_words() {
    for (method, path, id, expected) in [
        (Method::Get, "/pets", "listPets", "list_pets"),
        (
            Method::Get,
            "/users/{u}/repos",
            "repos/list-for-user",
            "list_repos_for_user",
        ),
        (
            Method::Get,
            "/files",
            "drive.files.list",
            "list_drive_files",
        ),
        (
            Method::Get,
            "/items/{item_id}",
            "read_item_items__item_id__get",
            "read_item",
        ),
        (Method::Get, "/pets", "listPetsUsingGET_1", "list_pets"),
        (
            Method::Get,
            "/v1/accounts/{account}",
            "GetAccountsAccount",
            "get_account",
        ),
        (
            Method::Post,
            "/v1/accounts/{account}/persons",
            "PostAccountsAccountPersons",
            "create_person",
        ),
        (Method::Get, "/x/things", "获取", "list_things"),
        (
            Method::Get,
            "/v1/subscriptions/{id}",
            "get",
            "get_subscription",
        ),
        (Method::Get, "/", "get", "get"),
        (
            Method::Delete,
            "/admin/users",
            "deleteAdminUsers",
            "delete_admin_users",
        ),
        (
            Method::Get,
            "/v1/billing_portal/configurations",
            "GetBillingPortalConfigurations",
            "list_billing_portal_configurations",
        ),
        (Method::Get, "/users/{user_id}", "get_users_id", "get_user"),
        (
            Method::Get,
            "/user/{username}",
            "getUserByName",
            "get_user_by_name",
        ),
        (
            Method::Get,
            "/cards/{idCard}/items/{idItem}",
            "fetchCardsItemsByIdItemByIdCard",
            "fetch_cards_items",
        ),
    ] {
        assert_eq!(name(method, path, Some(id)), expected, "{id}");
    }
}

#[test]
fn method_and_path_make_a_verb_and_an_object() {
    for (method, path, expected) in [
        (Method::Get, "/pets", "list_pets"),
        (Method::Get, "/v1/pets/{petId}", "get_pet"),
        (Method::Post, "/pets", "create_pet"),
        (
            Method::Delete,
            "/pets/{petId}/photos/{photoId}",
            "delete_photo",
        ),
        (Method::Post, "/orders/{id}/cancel", "cancel_order"),
        (Method::Put, "/pets/{petId}", "update_pet"),
        (Method::Get, "/pets.json", "list_pets"),
        (Method::Get, "/pets/{petId}.json", "get_pet"),
        (Method::Post, "/pets/{petId}/cancel.xml", "cancel_pet"),
        (Method::Get, "/status", "get_status"),
        (Method::Get, "/pull-requests/{n}", "get_pull_request"),
        (Method::Get, "/", "get_root"),
        (Method::Post, "/search", "search"),
        (
            Method::Post,
            "/campaigns/{id}/create-resend",
            "create_resend",
        ),
        (Method::Get, "/current#lat&lon", "get_current"),
        (Method::Get, "/用户", "get_resource"),
        (Method::Get, "/größen", "get_grossen"),
        (Method::Post, "/list", "create_list"),
        (Method::Post, "/release", "create_release"),
        (Method::Post, "/login", "login"),
        (Method::Post, "/user/create", "create_user"),
        (Method::Post, "/users/delete/{id}", "delete_user"),
        (Method::Get, "/charges/search", "search_charges"),
        (Method::Get, "/cards/{id}/list", "get_card_list"),
        (Method::Delete, "/issues/{id}/lock", "delete_lock"),
        (
            Method::Post,
            "/shipments:batchCancel",
            "batch_cancel_shipments",
        ),
    ] {
        assert_eq!(name(method, path, None), expected, "{path}");
    }
}

#[test]
fn long_names_lose_whole_words() {
    let id = "getTheOrganizationConfigurationOfTheRepositoryForTheAuthenticatedAdministratorAndTheNotifications";
    let name = name(Method::Get, "/x", Some(id));
    assert_eq!(name, "get_org_config_repo_authenticated_admin_notifs");
}

#[test]
fn second_choices_say_nothing_twice() {
    let others = |path: &str, id: &str| {
        let mut operation = crate::fixtures::operation(Method::Delete, path, Some(id));
        operation.parameters.extend(in_fragment(path));
        candidates(operation).others()
    };
    assert_eq!(
        others(
            "/customers/{customer}/bank_accounts/{id}",
            "deleteBankAccount"
        )[..2],
        [
            "delete_customer_bank_account",
            "delete_customer_bank_account"
        ]
    );
    assert_eq!(
        others("/status/404", "deleteStatus")[..1],
        ["delete_status_404"]
    );
    assert_eq!(
        others("/current#lat&lon", "deleteCurrent")[..2],
        ["delete_current_by_lon", "delete_current_by_lat"]
    );
}
