// What Clerk sends, by its documentation
// (https://clerk.com/docs/guides/development/webhooks/overview and the reference of
// its back end's objects); what that does not know is refused.

const IMAGE = "https://img.clerk.com/xxxxxx";

function pick(given, allowed) {
  const unknown = Object.keys(given).filter((name) => !allowed.includes(name));
  if (unknown.length > 0) throw new Error(`Clerk's payloads have no ${unknown.join(", ")}`);
}

/** `{id, email, verified, firstName, lastName, updatedAt}` */
function user(given) {
  pick(given, ["id", "email", "verified", "firstName", "lastName", "updatedAt"]);
  const { id, email, verified = true, firstName = null, lastName = null, updatedAt } = given;
  const address = {
    id: `idn_${id}`,
    object: "email_address",
    email_address: email,
    linked_to: [],
    verification: { status: verified ? "verified" : "unverified", strategy: "email_code" },
  };
  return {
    id,
    object: "user",
    birthday: "",
    created_at: 1_654_012_591_514,
    email_addresses: email ? [address] : [],
    external_accounts: [],
    external_id: null,
    first_name: firstName,
    gender: "",
    image_url: IMAGE,
    last_name: lastName,
    last_sign_in_at: null,
    password_enabled: true,
    phone_numbers: [],
    primary_email_address_id: email ? address.id : null,
    primary_phone_number_id: null,
    private_metadata: {},
    public_metadata: {},
    two_factor_enabled: false,
    unsafe_metadata: {},
    updated_at: updatedAt,
    username: null,
    web3_wallets: [],
  };
}

/** `{id, name, slug, createdBy, updatedAt}` */
function organization(given) {
  pick(given, ["id", "name", "slug", "createdBy", "updatedAt"]);
  const { id, name, slug, createdBy, updatedAt } = given;
  return {
    id,
    object: "organization",
    admin_delete_enabled: true,
    created_at: 1_654_013_202_977,
    ...(createdBy && { created_by: createdBy }),
    image_url: IMAGE,
    max_allowed_memberships: 5,
    name,
    private_metadata: {},
    public_metadata: {},
    slug: slug ?? null,
    updated_at: updatedAt,
  };
}

/** `{id, organization, userId, role, createdAt, updatedAt}` */
function membership(given) {
  pick(given, ["id", "organization", "userId", "role", "createdAt", "updatedAt"]);
  const { id, organization: of, userId, role, createdAt, updatedAt } = given;
  return {
    id,
    object: "organization_membership",
    created_at: createdAt,
    organization: organization(of),
    permissions: [],
    private_metadata: {},
    public_metadata: {},
    public_user_data: {
      first_name: null,
      identifier: `${userId}@example.org`,
      image_url: IMAGE,
      last_name: null,
      user_id: userId,
    },
    role,
    updated_at: updatedAt,
  };
}

function gone(object) {
  return (given) => {
    pick(given, ["id"]);
    return { deleted: true, id: given.id, object };
  };
}

const DATA = {
  "user.created": user,
  "user.updated": user,
  "user.deleted": gone("user"),
  "organization.created": organization,
  "organization.updated": organization,
  "organization.deleted": gone("organization"),
  "organizationMembership.created": membership,
  "organizationMembership.updated": membership,
  "organizationMembership.deleted": membership,
  "session.created": ({ id }) => ({ id, object: "session", status: "active" }),
};

/** The event of this type. */
export function payload(type, given, timestamp) {
  const make = DATA[type];
  if (!make) throw new Error(`Clerk has no event ${type}`);
  return {
    data: make(given),
    event_attributes: { http_request: { client_ip: "0.0.0.0", user_agent: "Mozilla/5.0" } },
    instance_id: "ins_1fakefakefake",
    object: "event",
    timestamp,
    type,
  };
}
