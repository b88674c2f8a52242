//! Operations, parameters, bodies, responses, servers and security.

mod common;

use expect_test::{Expect, expect};
use mcpengine_openapi::{ApiDescription, Diagnostic, Limits, read};

fn load(document: &str) -> (ApiDescription, Vec<Diagnostic>) {
    let (api, diagnostics) = read(document.as_bytes(), &Limits::WORKER).expect("it has operations");
    common::assert_sound(&api, &diagnostics);
    (api, diagnostics)
}

/// Operations with all that they hold, and the diagnostics.
fn check(document: &str, expect: &Expect) {
    let (api, diagnostics) = load(document);
    let mut out = String::new();
    for operation in &api.operations {
        out += &format!(
            "{:?} {} at {}\n",
            operation.method, operation.path, operation.pointer
        );
        for found in &operation.parameters {
            let marks = [
                (found.required, "required"),
                (found.deprecated, "deprecated"),
                (found.explode, "explode"),
                (found.allow_reserved, "reserved"),
            ];
            let marks: Vec<&str> = marks
                .iter()
                .filter(|(set, _)| *set)
                .map(|(_, name)| *name)
                .collect();
            out += &format!(
                "  {:?} {} {:?} {marks:?} {} {:?} {:?} {:?}\n",
                found.location,
                found.name,
                found.style,
                found.schema,
                found.description.as_deref().unwrap_or("-"),
                found.content_type.as_deref().unwrap_or("-"),
                found.example
            );
        }
        if let Some(body) = &operation.body {
            out += &format!("  body required={} {:?}\n", body.required, body.description);
            out += &media(&body.content);
        }
        for response in &operation.responses {
            let headers: Vec<&String> = response.headers.keys().collect();
            out += &format!(
                "  {} {:?} {headers:?}\n",
                response.status, response.description
            );
            out += &media(&response.content);
        }
        if !operation.security.is_empty() {
            out += &format!("  security {:?}\n", operation.security);
        }
        if !operation.servers.is_empty() {
            out += &format!("  servers {:?}\n", operation.servers);
        }
    }
    for found in &diagnostics {
        out += &format!(
            "{:?} {} {}\n  {}\n",
            found.severity, found.code, found.pointer, found.message
        );
    }
    expect.assert_eq(&out);
}

fn media(content: &[mcpengine_openapi::MediaType]) -> String {
    content
        .iter()
        .map(|media| {
            let schema = media
                .schema
                .as_ref()
                .map_or("-".to_owned(), ToString::to_string);
            let encoding = &media.encoding;
            format!(
                "    {} {schema} {encoding:?} {:?}\n",
                media.media_type, media.example
            )
        })
        .collect()
}

#[test]
fn parameters_are_merged_and_defaulted() {
    check(
        r#"
openapi: 3.0.3
info: {title: t, version: 1.10}
paths:
  /pets/{petId}/{kind}:
    parameters:
      - {name: petId, in: path, schema: {type: integer}, description: shared}
      - {name: page, in: query, schema: {type: integer}}
      - {$ref: '#/components/parameters/Trace'}
    get:
      parameters:
        - {name: page, in: query, schema: {type: string}, style: pipeDelimited}
        - {name: filter, in: query, style: deepObject, explode: true, schema: {type: object}}
        - {name: q, in: query, content: {application/json; charset=utf-8: {schema: {type: array}}}}
        - {name: Accept, in: header, schema: {type: string}}
        - {name: authorization, in: header, schema: {type: string}}
        - {name: session, in: cookie, deprecated: true, example: abc}
        - {name: unused, in: path, required: true}
        - {name: page, in: query}
        - {name: bad}
        - {in: query}
        - {name: odd, in: matrix}
        - text
        - {$ref: '#/components/parameters/None'}
        - {$ref: 'other.yaml#/x'}
        - {name: m, in: header, style: form}
        - {name: old, in: query, type: string, enum: [a]}
components:
  parameters:
    Trace: {name: X-Trace, in: header, schema: {type: string}, examples: {one: {value: 1}}}
"#,
        &expect![[r#"
            Get /pets/{petId}/{kind} at /paths/~1pets~1{petId}~1{kind}/get
              Path petId Simple ["required"] {"type":"integer"} "shared" "-" None
              Header X-Trace Simple [] {"type":"string"} "-" "-" Some(Number(1))
              Query page PipeDelimited [] {"type":"string"} "-" "-" None
              Query filter DeepObject ["explode"] {"type":"object"} "-" "-" None
              Query q Form ["explode"] {"type":"array"} "-" "application/json" None
              Cookie session Form ["deprecated", "explode"] true "-" "-" Some(String("abc"))
              Header m Simple [] true "-" "-" None
              Query old Form ["explode"] {"type":"string","enum":["a"]} "-" "-" None
              Path kind Simple ["required"] {"type":"string"} "-" "-" None
            Warning duplicate-parameter /paths/~1pets~1{petId}~1{kind}/get/parameters/7
              The parameter `page` is listed twice; the first counts.
            Error invalid-parameter /paths/~1pets~1{petId}~1{kind}/get/parameters/8
              A parameter needs a `name`, and `in` as path, query, header or cookie: `bad` has no `in`. It is left out.
            Error invalid-parameter /paths/~1pets~1{petId}~1{kind}/get/parameters/9
              A parameter needs a `name`, and `in` as path, query, header or cookie: this one has no usable `name`. It is left out.
            Error invalid-parameter /paths/~1pets~1{petId}~1{kind}/get/parameters/10
              A parameter needs a `name`, and `in` as path, query, header or cookie: `odd` has `in: matrix`. It is left out.
            Error invalid-parameter /paths/~1pets~1{petId}~1{kind}/get/parameters/11
              A parameter needs a `name`, and `in` as path, query, header or cookie: this is a string. It is left out.
            Error missing-ref /paths/~1pets~1{petId}~1{kind}/get/parameters/12
              The parameter refers to `#/components/parameters/None`, which the document does not have.
            Error external-ref /paths/~1pets~1{petId}~1{kind}/get/parameters/13
              The parameter refers to `other.yaml#/x`, which is outside of this document.
            Warning parameter-style /paths/~1pets~1{petId}~1{kind}/get/parameters/14/style
              The style `form` cannot be used for this parameter.
            Warning undeclared-path-parameter /paths/~1pets~1{petId}~1{kind}/get
              `{kind}` in the path is not declared; it is taken for a string.
            Warning unused-path-parameter /paths/~1pets~1{petId}~1{kind}/get
              The path has no `{unused}` for the parameter of that name.
        "#]],
    );
}

#[test]
fn paths_are_brought_into_form() {
    check(
        r#"
openapi: 3.1.0
info: {title: t}
paths:
  pets: {get: {}}
  https://other.example.com/v1/x: {get: {}}
  /act?do=list&id={id}: {get: {parameters: [{name: id, in: path, required: true}]}}
  /frag#part: {post: {}}
  /a/{+rest}: {get: {parameters: [{name: rest, in: path, schema: {type: string}}]}}
  /proxy/{proxy+}: {get: {}}
  /case/{petid}: {get: {parameters: [{name: petId, in: path}]}}
  /users/:id/x: {get: {parameters: [{name: id, in: path}]}}
  /broken/{id: {get: {}}
  /empty/{}: {get: {}}
  /same/{a}/{a}: {get: {}}
  /verb/{id}:cancel: {post: {}}
  x-note: {get: {}}
  /item: [1]
  /none: null
  /gone: {$ref: '#/components/pathItems/None'}
  /shared: {$ref: '#/components/pathItems/One'}
  /mixed: {GET: {operationId: one}, fetch: {}, x-y: {}, query: {}, post: null, put: 3, summary: s}
  /twice: {get: {operationId: one}}
components:
  pathItems:
    One: {get: {summary: found}, servers: [{url: /v2}]}
"#,
        &expect![[r#"
            Get /pets at /paths/pets/get
            Get /v1/x at /paths/https:~1~1other.example.com~1v1~1x/get
              servers [Server { url: "https://other.example.com", description: None, variables: [] }]
            Get /act?do=list at /paths/~1act?do=list&id={id}/get
              Query id Form ["required", "explode"] true "-" "-" None
            Post /frag#part at /paths/~1frag#part/post
            Get /a/{rest} at /paths/~1a~1{+rest}/get
              Path rest Simple ["required", "reserved"] {"type":"string"} "-" "-" None
            Get /proxy/{proxy} at /paths/~1proxy~1{proxy+}/get
              Path proxy Simple ["required", "reserved"] {"type":"string"} "-" "-" None
            Get /case/{petId} at /paths/~1case~1{petid}/get
              Path petId Simple ["required"] true "-" "-" None
            Get /users/{id}/x at /paths/~1users~1:id~1x/get
              Path id Simple ["required"] true "-" "-" None
            Get /broken/{id at /paths/~1broken~1{id/get
            Get /empty/{param} at /paths/~1empty~1{}/get
              Path param Simple ["required"] {"type":"string"} "-" "-" None
            Get /same/{a}/{a} at /paths/~1same~1{a}~1{a}/get
              Path a Simple ["required"] {"type":"string"} "-" "-" None
            Post /verb/{id}:cancel at /paths/~1verb~1{id}:cancel/post
              Path id Simple ["required"] {"type":"string"} "-" "-" None
            Get /shared at /components/pathItems/One/get
              servers [Server { url: "/v2", description: None, variables: [] }]
            Get /mixed at /paths/~1mixed/GET
            Get /twice at /paths/~1twice/get
            Warning path-form /paths/pets
              The path `pets` does not start with `/`.
            Warning path-form /paths/https:~1~1other.example.com~1v1~1x
              The path `https://other.example.com/v1/x` does not start with `/`.
            Info path-query /paths/~1act?do=list&id={id}
              The path holds a query string.
            Warning undeclared-path-parameter /paths/~1proxy~1{proxy+}/get
              `{proxy}` in the path is not declared; it is taken for a string.
            Warning path-placeholder /paths/~1broken~1{id
              A brace in the path has no partner; it is taken for text.
            Warning path-placeholder /paths/~1empty~1{}
              The path has a placeholder without a name.
            Warning undeclared-path-parameter /paths/~1empty~1{}/get
              `{param}` in the path is not declared; it is taken for a string.
            Warning undeclared-path-parameter /paths/~1same~1{a}~1{a}/get
              `{a}` in the path is not declared; it is taken for a string.
            Warning undeclared-path-parameter /paths/~1verb~1{id}:cancel/post
              `{id}` in the path is not declared; it is taken for a string.
            Error invalid-path-item /paths/~1item
              The path `/item` has to hold an object, and holds a list.
            Error invalid-path-item /paths/~1none
              The path `/none` has to hold an object, and holds null.
            Error missing-ref /paths/~1gone
              The path refers to `#/components/pathItems/None`, which the document does not have.
            Warning unknown-method /paths/~1mixed/fetch
              `fetch` is no HTTP method that OpenAPI knows.
            Warning unknown-method /paths/~1mixed/query
              `query` is no HTTP method that OpenAPI knows.
            Error invalid-operation /paths/~1mixed/post
              An operation has to be an object, and this is null.
            Error invalid-operation /paths/~1mixed/put
              An operation has to be an object, and this is a number.
            Warning duplicate-operation-id /paths/~1twice/get/operationId
              The operationId `one` is used before, at /paths/~1mixed/GET.
        "#]],
    );
}

#[test]
fn bodies_and_responses_are_read() {
    check(
        r#"
openapi: 3.0.3
info: {title: t}
paths:
  /a:
    post:
      requestBody: {$ref: '#/components/requestBodies/Pet'}
      responses:
        200: {$ref: '#/components/responses/Ok'}
        2xx: {description: range, headers: {X-A: {description: a}, X-B: {$ref: '#/components/headers/B'}, X-C: {$ref: '#/none'}}}
        default: {description: rest}
        "999": {description: odd}
        abc: {description: not a status}
        "404": text
        "500": {$ref: '#/components/responses/None'}
    put:
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary}}}
            encoding: {file: {contentType: image/png, style: form, explode: true, allowReserved: true}}
          "APPLICATION/JSON; charset=utf-8": {schema: {type: object}}
          application/json: {schema: {type: array}}
          json: {schema: {}}
          text/plain: {}
    patch: {requestBody: {description: empty}, responses: []}
    delete: {requestBody: null, parameters: {}, responses: null}
components:
  requestBodies:
    Pet: {description: a pet, content: {application/json: {schema: {type: object}, example: {a: 1}}}}
  responses:
    Ok: {description: fine, content: {'*/*': {schema: {type: string}, examples: {x: {$ref: '#/components/examples/X'}}}}}
  headers: {B: {description: b}}
  examples: {X: {value: hello}}
"#,
        &expect![[r#"
            Post /a at /paths/~1a/post
              body required=false Some("a pet")
                application/json {"type":"object"} {} Some(Object {"a": Number(1)})
              200 Some("fine") []
                */* {"type":"string"} {} Some(String("hello"))
              2XX Some("range") ["X-A", "X-B"]
              default Some("rest") []
              999 Some("odd") []
            Put /a at /paths/~1a/put
              body required=true None
                multipart/form-data {"type":"object","properties":{"file":{"type":"string","format":"binary"}}} {"file": PartEncoding { content_type: Some("image/png"), style: Some(Form), explode: Some(true), allow_reserved: true }} None
                application/json {"type":"object"} {} None
                text/plain - {} None
            Patch /a at /paths/~1a/patch
            Delete /a at /paths/~1a/delete
            Warning missing-ref /paths/~1a/post/responses/2xx/headers/X-C
              The header refers to `#/none`, which the document does not have.
            Warning invalid-status /paths/~1a/post/responses/abc
              `abc` is no status code; this response is left out.
            Warning invalid-response /paths/~1a/post/responses/404
              A response has to be an object, and this is a string.
            Error missing-ref /paths/~1a/post/responses/500
              The response refers to `#/components/responses/None`, which the document does not have.
            Warning invalid-media-type /paths/~1a/put/requestBody/content/json
              `json` is no media type; it is left out.
            Warning empty-body /paths/~1a/patch/requestBody
              The request body has no media type that can be read; it is left out.
            Error invalid-responses /paths/~1a/patch/responses
              `responses` has to be an object, and is a list.
            Error invalid-parameters /paths/~1a/delete/parameters
              `parameters` has to be a list, and is an object.
        "#]],
    );
}

#[test]
fn swagger_2_is_read_in_full() {
    check(
        r##"
swagger: "2.0"
info: {title: t, version: "1"}
host: api.example.com
basePath: /v1/
schemes: [http, https, ws]
consumes: [application/json, application/xml]
produces: [application/json]
securityDefinitions:
  key: {type: apiKey, name: k, in: query}
  oauth: {type: oauth2, flow: accessCode, authorizationUrl: https://a, tokenUrl: https://t, scopes: {r: read}}
security: [{key: []}, {oauth: [r]}]
parameters:
  limit: {name: limit, in: query, type: integer, maximum: 10, exclusiveMaximum: true, required: true}
  pet: {name: pet, in: body, required: true, description: the pet, schema: {$ref: '#/definitions/Pet'}}
responses:
  fine: {description: ok, schema: {$ref: '#/definitions/Pet'}, headers: {X-A: {type: string, description: a}}}
definitions:
  Pet: {type: object, x-nullable: true, properties: {self: {$ref: '#/definitions/Pet'}, photo: {type: file}}}
paths:
  /pets:
    get:
      parameters:
        - {$ref: '#/parameters/limit'}
        - {name: ids, in: query, type: array, items: {type: integer}, collectionFormat: multi}
        - {name: tabs, in: query, type: array, items: {type: string}, collectionFormat: tsv}
        - {name: csv, in: header, type: array, items: {type: string}}
      produces: [text/csv, application/json]
      responses: {200: {$ref: '#/responses/fine'}, 400: {description: bad}}
    post: {parameters: [{$ref: '#/parameters/pet'}], responses: {201: {description: made}}, security: []}
  /files:
    post:
      consumes: [multipart/form-data]
      parameters:
        - {name: file, in: formData, type: file, required: true, description: the file}
        - {name: tags, in: formData, type: array, items: {type: string}, collectionFormat: pipes}
      responses: {200: {description: raw, schema: {type: file}}}
    put: {parameters: [{name: a, in: formData, type: string}]}
"##,
        &expect![[r##"
            Get /pets at /paths/~1pets/get
              Query limit Form ["required"] {"type":"integer","exclusiveMaximum":10} "-" "-" None
              Query ids Form ["explode"] {"type":"array","items":{"type":"integer"}} "-" "-" None
              Query tabs TabDelimited [] {"type":"array","items":{"type":"string"}} "-" "-" None
              Header csv Simple [] {"type":"array","items":{"type":"string"}} "-" "-" None
              200 Some("ok") ["X-A"]
                text/csv {"$ref":"#/$defs/Pet"} {} None
                application/json {"$ref":"#/$defs/Pet"} {} None
              400 Some("bad") []
              security [{"key": []}, {"oauth": ["r"]}]
            Post /pets at /paths/~1pets/post
              body required=true Some("the pet")
                application/json {"$ref":"#/$defs/Pet"} {} None
                application/xml {"$ref":"#/$defs/Pet"} {} None
              201 Some("made") []
            Post /files at /paths/~1files/post
              body required=true None
                multipart/form-data {"type":"object","properties":{"file":{"format":"binary","type":"string","description":"the file"},"tags":{"type":"array","items":{"type":"string"}}},"required":["file"]} {"tags": PartEncoding { content_type: None, style: Some(PipeDelimited), explode: Some(false), allow_reserved: false }} None
              200 Some("raw") []
                application/octet-stream {"format":"binary","type":"string"} {} None
              security [{"key": []}, {"oauth": ["r"]}]
            Put /files at /paths/~1files/put
              body required=false None
                application/x-www-form-urlencoded {"type":"object","properties":{"a":{"type":"string"}}} {} None
              security [{"key": []}, {"oauth": ["r"]}]
        "##]],
    );
}

#[test]
fn servers_and_security_are_read() {
    let (api, diagnostics) = load(
        r#"
openapi: 3.2.0
$self: https://example.com/openapi.yaml
info: {title: ' t ', description: d, contact: {url: https://c}}
externalDocs: {url: https://docs}
servers:
  - url: https://{region}.example.com/{base}
    description: main
    variables: {region: {default: eu, enum: [eu, us]}, spare: {default: x}}
  - {description: no url}
  - url: /relative
tags: [{name: a, description: first}, b, {name: a}, {}]
security: [{basic: []}, {}, {missing: []}]
x-mcp: {on: true}
components:
  securitySchemes:
    basic: {type: http, scheme: Basic}
    bearer: {type: http, scheme: bearer, bearerFormat: JWT, description: token}
    digest: {type: http, scheme: digest}
    key: {type: apiKey, in: header, name: X-Key}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://t, scopes: {r: read}}, odd: {}}}
    oidc: {type: openIdConnect, openIdConnectUrl: https://o}
    mtls: {type: mutualTLS}
    alias: {$ref: 'https://example.com/openapi.yaml#/components/securitySchemes/key'}
    bad: {type: apiKey, in: body, name: x}
    worse: {type: magic}
    worst: 3
paths:
  /a:
    x-mcp: {path: 1}
    query: {tags: [a, b], deprecated: true, summary: s, operationId: q}
    get: {security: [], x-mcp: false, servers: [{url: https://other}]}
    additionalOperations: {LOCK: {}, POST: {security: {bearer: []}}}
"#,
    );
    expect![[r#"
        (
            (
                OpenApi32,
                "t",
                "0.0.0",
                Some(
                    "d",
                ),
                Some(
                    "https://docs",
                ),
            ),
            [
                Server {
                    url: "https://{region}.example.com/{base}",
                    description: Some(
                        "main",
                    ),
                    variables: [
                        ServerVariable {
                            name: "region",
                            default: Some(
                                "eu",
                            ),
                            allowed: [
                                "eu",
                                "us",
                            ],
                            description: None,
                        },
                        ServerVariable {
                            name: "base",
                            default: None,
                            allowed: [],
                            description: None,
                        },
                    ],
                },
                Server {
                    url: "/relative",
                    description: None,
                    variables: [],
                },
            ],
            [
                Tag {
                    name: "a",
                    description: Some(
                        "first",
                    ),
                },
                Tag {
                    name: "b",
                    description: None,
                },
            ],
            {
                "basic": SecurityScheme {
                    kind: HttpBasic,
                    description: None,
                },
                "bearer": SecurityScheme {
                    kind: HttpBearer {
                        format: Some(
                            "JWT",
                        ),
                    },
                    description: Some(
                        "token",
                    ),
                },
                "digest": SecurityScheme {
                    kind: HttpOther {
                        scheme: "digest",
                    },
                    description: None,
                },
                "key": SecurityScheme {
                    kind: ApiKey {
                        name: "X-Key",
                        location: Header,
                    },
                    description: None,
                },
                "oauth": SecurityScheme {
                    kind: OAuth2 {
                        flows: [
                            OAuthFlow {
                                kind: "clientCredentials",
                                authorization_url: None,
                                token_url: Some(
                                    "https://t",
                                ),
                                refresh_url: None,
                                scopes: {
                                    "r": "read",
                                },
                            },
                        ],
                    },
                    description: None,
                },
                "oidc": SecurityScheme {
                    kind: OpenIdConnect {
                        url: "https://o",
                    },
                    description: None,
                },
                "mtls": SecurityScheme {
                    kind: MutualTls,
                    description: None,
                },
                "alias": SecurityScheme {
                    kind: ApiKey {
                        name: "X-Key",
                        location: Header,
                    },
                    description: None,
                },
            },
            Some(
                Object {
                    "on": Bool(true),
                },
            ),
        )
    "#]]
    .assert_debug_eq(&(
        (
            &api.dialect,
            &api.title,
            &api.version,
            &api.description,
            &api.docs_url,
        ),
        &api.servers,
        &api.tags,
        &api.security_schemes,
        &api.x_mcp,
    ));
    let operations: Vec<_> = api
        .operations
        .iter()
        .map(|found| {
            (
                found.method,
                &found.security,
                &found.tags,
                &found.x_mcp,
                &found.servers,
            )
        })
        .collect();
    expect![[r#"
        [
            (
                Query,
                [
                    {
                        "basic": [],
                    },
                    {},
                ],
                [
                    "a",
                    "b",
                ],
                Some(
                    Object {
                        "path": Number(1),
                    },
                ),
                [],
            ),
            (
                Get,
                [],
                [],
                Some(
                    Bool(false),
                ),
                [
                    Server {
                        url: "https://other",
                        description: None,
                        variables: [],
                    },
                ],
            ),
            (
                Post,
                [
                    {
                        "bearer": [],
                    },
                ],
                [],
                Some(
                    Object {
                        "path": Number(1),
                    },
                ),
                [],
            ),
        ]
    "#]]
    .assert_debug_eq(&operations);
    let codes: Vec<_> = diagnostics
        .iter()
        .map(|found| (found.code, found.pointer.as_str()))
        .collect();
    expect![[r#"
        [
            (
                "undeclared-server-variable",
                "/servers/0",
            ),
            (
                "invalid-server",
                "/servers/1",
            ),
            (
                "invalid-security-scheme",
                "/components/securitySchemes/bad",
            ),
            (
                "invalid-security-scheme",
                "/components/securitySchemes/worse",
            ),
            (
                "invalid-security-scheme",
                "/components/securitySchemes/worst",
            ),
            (
                "unknown-security-scheme",
                "/security/2/missing",
            ),
            (
                "unsupported-method",
                "/paths/~1a/additionalOperations/LOCK",
            ),
        ]
    "#]]
    .assert_debug_eq(&codes);
}

#[test]
fn scalars_keep_what_the_author_wrote() {
    let (api, diagnostics) = load(
        "openapi: 3.1.0\n\
         info: {title: NO, version: 2020-01-01}\n\
         paths:\n  /a:\n    get:\n      summary: 12\n      responses: {200: {description: yes}}\n\
         x-mcp: [NO, on, 0x1F, 0o17, 1e3, .5, ~, null, true, 12:30, 2020-01-01, 18446744073709551616, .inf, +1, 1_000, !!str 12, !!int '7', !odd z]\n",
    );
    assert_eq!(
        (api.title.as_str(), api.version.as_str()),
        ("NO", "2020-01-01")
    );
    assert_eq!(api.operations[0].summary.as_deref(), Some("12"));
    assert_eq!(api.operations[0].responses[0].status, "200");
    expect![[r#"["NO","on",31,15,1000.0,0.5,null,null,true,"12:30","2020-01-01",1.8446744073709552e+19,".inf",1,"1_000","12",7,"z"]"#]].assert_eq(&api.x_mcp.expect("an extension").to_string());
    assert_eq!(
        diagnostics
            .iter()
            .map(|found| found.code)
            .collect::<Vec<_>>(),
        ["yaml-tag"]
    );
}

#[test]
fn tolerated_json_is_read() {
    let (api, diagnostics) = load(
        "{\"openapi\": \"3.0.0\", \"info\": {\"title\": \"\\ud83d\\ude00 \\ud800x\\u0041\"},\n\
         \"x-mcp\": [NaN, -Infinity, 1e999, 123456789012345678901234567890, -0],\n\
         \"paths\": {\"/a\": {\"get\": {}, \"get\": {\"summary\": \"second\"}}}}",
    );
    assert_eq!(api.title, "\u{1F600} \u{FFFD}xA");
    assert_eq!(api.operations[0].summary.as_deref(), Some("second"));
    expect!["[null,null,1.7976931348623157e+308,1.2345678901234568e+29,0]"]
        .assert_eq(&api.x_mcp.expect("an extension").to_string());
    expect![[r#"
        [
            Diagnostic {
                code: "duplicate-key",
                severity: Warning,
                pointer: "/paths/~1a/get",
                message: "The key `get` at line 3, column 18 is written again later in the same object; the later value is used.",
                help: "Keep one of the two.",
            },
        ]
    "#]].assert_debug_eq(&diagnostics);

    let (api, diagnostics) =
        load("{\"openapi\": \"3.0.0\", # a comment\n \"paths\": {\"/a\": {\"get\": {}},},}");
    assert_eq!(api.operations.len(), 1);
    assert_eq!(diagnostics[0].code, "lenient-json");
}

#[test]
fn merge_keys_and_aliases_are_applied() {
    let (api, diagnostics) = load(
        "openapi: 3.0.0\ninfo: {title: t}\n\
         x-mcp:\n  base: &base {a: 1, b: 2}\n  one: {<<: *base, b: 3}\n  two: {c: 4, <<: [{a: 9}, *base]}\n  same: *base\n\
         paths: {/a: {get: {}}}\n---\nsecond: document\n",
    );
    expect![[r#"{"base":{"a":1,"b":2},"one":{"a":1,"b":3},"two":{"c":4,"a":9,"b":2},"same":{"a":1,"b":2}}"#]].assert_eq(&api.x_mcp.expect("an extension").to_string());
    assert_eq!(
        diagnostics
            .iter()
            .map(|found| found.code)
            .collect::<Vec<_>>(),
        ["more-documents"]
    );
}
