//! Lists that are written twice, and documents that have to keep up.

use std::collections::BTreeSet;

use crate::{none, read, root, tracked};

/// Every value of a key `binding`, the names of Durable Objects, and those under
/// `[vars]`.
fn bindings(value: &toml::Value, names: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                match (key.as_str(), value) {
                    ("binding", toml::Value::String(name)) => {
                        names.insert(name.clone());
                    }
                    ("vars", toml::Value::Table(vars)) => names.extend(vars.keys().cloned()),
                    ("durable_objects", objects) => {
                        let objects = objects["bindings"].as_array().into_iter().flatten();
                        names.extend(
                            objects.filter_map(|it| Some(it.get("name")?.as_str()?.to_owned())),
                        );
                    }
                    _ => bindings(value, names),
                }
            }
        }
        toml::Value::Array(items) => items.iter().for_each(|item| bindings(item, names)),
        _ => {}
    }
}

/// Constants of src/bindings.rs that wrangler.toml cannot hold: secrets, and
/// what src/entry.mjs defines.
const NOT_IN_WRANGLER: [&str; 10] = [
    "VAULT_KEYS",
    "DEV_ISSUER_KEY",
    "CLOUDFLARE_API_TOKEN",
    "STRIPE_SECRET_KEY",
    "CLERK_WEBHOOK_SECRETS",
    "STRIPE_WEBHOOK_SECRETS",
    "Outbound",
    "SERVER",
    "MCPENGINE_WATCH",
    "MCPENGINE_WITHOUT",
];

#[test]
fn binding_names_are_the_same_in_both_lists() {
    let configuration: toml::Value = toml::from_str(&read("wrangler.toml")).expect("TOML");
    let mut declared = BTreeSet::new();
    bindings(&configuration, &mut declared);
    let source = read("src/bindings.rs");
    let named: BTreeSet<String> = source
        .lines()
        .filter_map(|line| line.split_once(": &str = \"")?.1.split('"').next())
        .filter(|name| !NOT_IN_WRANGLER.contains(name))
        .map(str::to_owned)
        .collect();
    assert_eq!(named, declared, "src/bindings.rs and wrangler.toml differ");
}

#[test]
fn production_declares_what_development_has() {
    let mut development: toml::Value = toml::from_str(&read("wrangler.toml")).expect("TOML");
    let production = development
        .as_table_mut()
        .and_then(|table| table.remove("env"))
        .and_then(|mut env| env.as_table_mut().and_then(|env| env.remove("production")));
    let (mut here, mut there) = (BTreeSet::new(), BTreeSet::new());
    bindings(&development, &mut here);
    bindings(&production.expect("env.production"), &mut there);
    // Static assets are inherited; they cannot be repeated per environment.
    here.remove("ASSETS");
    there.remove("ASSETS");
    // A dispatch namespace does not run locally.
    assert!(there.remove("DISPATCHER"), "production dispatches");
    assert_eq!(here, there);
}

/// The outbound Worker is production's other half: what both are told is the same,
/// and the studio finds it by the name that it has.
#[test]
fn the_outbound_worker_fits_production() {
    let studio: toml::Value = toml::from_str(&read("wrangler.toml")).expect("TOML");
    let outbound: toml::Value = toml::from_str(&read("wrangler.outbound.toml")).expect("TOML");
    let production = &studio["env"]["production"];
    let told = &production["dispatch_namespaces"][0]["outbound"];
    assert_eq!(told["service"], outbound["name"]);
    let parameter = told["parameters"][0].as_str().expect("a name");
    assert!(
        read("src/bindings.rs").contains(&format!("OUTBOUND_PARAMETER: &str = \"{parameter}\""))
    );
    assert!(read("src/outbound.worker.mjs").contains(&format!("env.{parameter}")));
    for key in ["compatibility_date", "compatibility_flags"] {
        assert_eq!(studio[key], outbound[key]);
    }
    let vars = outbound["vars"].as_table().expect("vars");
    assert!(!vars.is_empty());
    for (name, value) in vars {
        assert_eq!(Some(value), production["vars"].get(name), "{name}");
    }
    let id = |config: &toml::Value| config["d1_databases"][0]["database_id"].clone();
    assert_eq!(id(production), id(&outbound));
}

#[test]
fn migrations_are_contiguous() {
    let mut numbers: Vec<usize> = std::fs::read_dir(root().join("migrations"))
        .expect("migrations/")
        .filter_map(|entry| {
            let name = entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8");
            let (number, _) = name.strip_suffix(".sql")?.split_once('_')?;
            assert_eq!(number.len(), 4, "{name} begins with four digits");
            number.parse().ok()
        })
        .collect();
    numbers.sort_unstable();
    assert!(!numbers.is_empty(), "there are migrations");
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
}

#[test]
fn the_licence_is_there() {
    assert!(read("LICENSE").contains("Apache License"));
}

#[test]
fn every_room_is_in_the_architecture() {
    let architecture = read("docs/ARCHITECTURE.md");
    let folders: BTreeSet<String> = tracked()
        .iter()
        .filter_map(|path| path.to_str()?.strip_prefix("crates/")?.split_once('/'))
        .map(|(folder, _)| format!("crates/{folder}"))
        .collect();
    let problems: Vec<String> = folders
        .into_iter()
        .filter(|folder| !architecture.contains(folder))
        .collect();
    none("crates that docs/ARCHITECTURE.md does not name", &problems);
}

/// Texts that belong to one machine. Split, so that this file does not hold them.
fn of_one_machine() -> Vec<String> {
    [
        ("/home", "/"),
        ("/ro", "ot/"),
        ("/Us", "ers/"),
        ("registry.npm", "js.org"),
        ("static.crates", ".io"),
    ]
    .iter()
    .map(|(head, tail)| format!("{head}{tail}"))
    .collect()
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let foreign = of_one_machine();
    let mut problems = Vec::new();
    for path in tracked() {
        // Test data of hostile documents may hold any text.
        if path.to_string_lossy().contains("/fixtures/") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else {
            continue;
        };
        for (at, line) in text.lines().enumerate() {
            if let Some(found) = foreign.iter().find(|found| line.contains(found.as_str())) {
                problems.push(format!("{}:{} has {found}", path.display(), at + 1));
            }
        }
    }
    none("paths of a machine or addresses of a registry", &problems);
}

#[test]
fn package_lock_is_in_step() {
    let lock: serde_json::Value = serde_json::from_str(&read("package-lock.json")).expect("JSON");
    for folder in ["", "frontend", "runtime", "tests"] {
        let manifest = std::path::Path::new(folder).join("package.json");
        let manifest: serde_json::Value = serde_json::from_str(&read(manifest)).expect("JSON");
        for key in ["dependencies", "devDependencies"] {
            assert_eq!(
                lock["packages"][folder].get(key),
                manifest.get(key),
                "package-lock.json is behind {folder}/package.json: run cargo xtask lock"
            );
        }
    }
}
