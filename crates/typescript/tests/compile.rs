//! What `compile` and `check` accept, refuse and print.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::{Expect, expect};
use mcpengine_typescript::{CompileOptions, Module, Platform, SourceFile, check, compile};
use proptest::prelude::*;

fn options() -> CompileOptions {
    CompileOptions {
        bare_imports: BTreeMap::from([(
            "@modelcontextprotocol/server".to_owned(),
            "runtime.js".to_owned(),
        )]),
        strip_prefix: "src/".to_owned(),
        ..CompileOptions::default()
    }
}

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

fn print(files: &[SourceFile]) -> String {
    match compile(files, &options()) {
        Ok(modules) => modules
            .iter()
            .map(|Module { name, js }| format!("// {name}\n{js}"))
            .collect(),
        Err(errors) => errors
            .iter()
            .map(|error| format!("{error} [{}]\n", error.code))
            .collect(),
    }
}

fn expect_of(source: &str, expected: &Expect) {
    expected.assert_eq(&print(&[
        file("src/a.ts", source),
        file("src/tools/b.ts", "export const b = 1;"),
    ]));
}

#[test]
fn strips_types_and_rewrites_imports() {
    let files = [
        file(
            "src/tools/pets.ts",
            r#"import { McpServer, type Tool } from "@modelcontextprotocol/server";
import type { Other } from "./types.js";
import "../side.js";
export * from "../side.js";
export { x as y } from '../side.ts';
export type { Other } from "./types.js";
interface Local<T> { readonly a?: T }
enum Colour { Red = "red", Blue = "blue" }
export const list = async <T,>(a: T, b?: number): Promise<Local<T>> => ({ a }) satisfies Local<T>;
export class Box<T> { constructor(private readonly value: T, public n = Colour.Red) {} get(): T { return this.value!; } }
export const server = new McpServer({ name: "a", version: "1" } as const);
"#,
        ),
        file("src/tools/types.ts", "export type Other = string;\n"),
        file("src/side.ts", "export const x: number = 1;\n"),
    ];
    expect![[r#"
        // tools/pets.js
        import { McpServer } from "../runtime.js";
        import "../side.js";
        export * from "../side.js";
        export { x as y } from "../side.js";
        var Colour = /* @__PURE__ */ function(Colour) {
        	Colour["Red"] = "red";
        	Colour["Blue"] = "blue";
        	return Colour;
        }(Colour || {});
        export const list = async (a, b) => ({ a });
        export class Box {
        	value;
        	n;
        	constructor(value, n = Colour.Red) {
        		this.value = value;
        		this.n = n;
        	}
        	get() {
        		return this.value;
        	}
        }
        export const server = new McpServer({
        	name: "a",
        	version: "1"
        });
        // tools/types.js
        export {};
        // side.js
        export const x = 1;
    "#]]
    .assert_eq(&print(&files));
}

#[test]
fn refuses_what_a_hosted_server_may_not_import() {
    expect_of(
        "import fs from 'node:fs';\nfs.readFileSync('x');",
        &expect![[r"
        src/a.ts:1:16: `node:fs` is not available here: only files of the project and `@modelcontextprotocol/server` can be imported [import_not_allowed]
    "]],
    );
    expect_of(
        "export * from 'left-pad';",
        &expect![[r"
        src/a.ts:1:15: `left-pad` is not available here: only files of the project and `@modelcontextprotocol/server` can be imported [import_not_allowed]
    "]],
    );
    expect_of(
        "export { a } from 'https://evil.example/x.js'",
        &expect![[r"
        src/a.ts:1:19: `https://evil.example/x.js` is not available here: only files of the project and `@modelcontextprotocol/server` can be imported [import_not_allowed]
    "]],
    );
    expect_of(
        "import { b } from './tools/b';\nimport { c } from './c.js';\nimport '../../d.js';\nb; c;",
        &expect![[r"
        src/a.ts:1:19: there is no file `tools/b` in the project: write `./tools/b.js` [import_not_found]
        src/a.ts:2:19: there is no file `c.js` in the project [import_not_found]
        src/a.ts:3:8: `../../d.js` is outside of the project [import_not_allowed]
    "]],
    );
    expect_of(
        "export const load = () => import('./tools/b.js');\nif (1) { import(`x`) }",
        &expect![[r"
        src/a.ts:1:27: import() is not available in a hosted server: import at the top of the file [dynamic_import]
        src/a.ts:2:10: import() is not available in a hosted server: import at the top of the file [dynamic_import]
    "]],
    );
    expect_of(
        "export const here = import.meta.url;",
        &expect![[r"
        src/a.ts:1:21: import.meta is not available in a hosted server [import_meta]
    "]],
    );
    expect_of(
        "import fs = require('fs');\nexport import os = require('os');\nfs;",
        &expect![[r#"
            src/a.ts:1:1: use `import … from` and `export default` in place of `import =` and `export =` [unsupported_syntax]
            src/a.ts:2:8: use `import … from` and `export default` in place of `import =` and `export =` [unsupported_syntax]
        "#]],
    );
    expect_of(
        "const fs = 1;\nexport = fs;",
        &expect![[r#"
        src/a.ts:2:1: use `import … from` and `export default` in place of `import =` and `export =` [unsupported_syntax]
    "#]],
    );
    expect_of(
        "import data from './tools/b.js' with { type: 'json' };\ndata;",
        &expect![[r#"
            src/a.ts:1:38: import attributes are not available in a hosted server [import_not_allowed]
        "#]],
    );
}

#[test]
fn reports_syntax_with_places() {
    expect_of(
        "export const a = 1;\nexport const é = (;\n",
        &expect![[r#"
        src/a.ts:2:19: Unexpected token [syntax]
    "#]],
    );
    expect_of(
        "const a = 1;\nconst a = 2;\n",
        &expect![[r#"
        src/a.ts:1:7: Identifier `a` has already been declared [syntax]
    "#]],
    );
    expect_of(
        "break;",
        &expect![[r#"
        src/a.ts:1:1: Illegal break statement [syntax]
    "#]],
    );
    expect_of(
        &format!("export const a = {};", "(".repeat(5_000)),
        &expect![[r#"
            src/a.ts:1:185: the code nests too deep, or one statement is too long (end statements with `;`) [too_complex]
        "#]],
    );
    expect_of(
        "",
        &expect![[r"
        // a.js
        // tools/b.js
        export const b = 1;
    "]],
    );
}

#[test]
fn refuses_bad_and_double_paths() {
    let files = [
        file("src/../a.ts", ""),
        file("src/a.json", "{}"),
        file("src/b.ts", ""),
        file("b.js", ""),
        file("src/runtime.ts", ""),
    ];
    expect![[r#"
        src/../a.ts:1:1: `src/../a.ts` is not the path of a .ts or .js file [bad_path]
        src/a.json:1:1: `src/a.json` is not the path of a .ts or .js file [bad_path]
        b.js:1:1: two files become the module `b.js` [duplicate_path]
        src/runtime.ts:1:1: `runtime.js` is the name of a module of the platform [duplicate_path]
    "#]]
    .assert_eq(&print(&files));
}

#[test]
fn check_needs_no_other_file() {
    assert_eq!(
        check(&file(
            "src/a.ts",
            "import { x } from 'anything'; export const y: string = x;"
        )),
        Ok(())
    );
    let errors = check(&file("src/a.ts", "let x = ;")).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!(
        (errors[0].line, errors[0].column, errors[0].code),
        (1, 9, "syntax")
    );
}

const SOURCE: &str = r#"import { McpServer, fromJsonSchema as f, type Tool } from "@modelcontextprotocol/server";
export { a } from "./b.js";
type A<T extends string = "x"> = T extends `a${infer R}` ? { [K in keyof R]?: R[K] } : never;
enum E { A = 1 << 2, B = A | 4 }
namespace N { export const v = 1; }
export abstract class C<T> extends Map<string, T> implements I { declare x: number; static #p = 1; constructor(readonly y = 1) { super(); } @dec m?(): asserts this is C<T>; }
export default async function* g<const T>(this: Window, { a = 1, ...b }: any, ...c: T[]) { for await (const d of c!) yield* d?.e?.[1]?.(`x${a}y`) ?? (<any>d as unknown as T); label: do { if (a) continue label; else break; } while (a-- > /re[/]g/u.exec("")?.index!); try { throw new Error() } catch { } finally { } }
"#;

/// On Node.js a module reaches what the machine and its packages have, and all
/// else is refused as ever.
#[test]
fn node_has_its_own_modules_and_the_packages_that_are_named() {
    let options = CompileOptions {
        platform: Platform::Node {
            packages: BTreeSet::from(["@modelcontextprotocol/server".to_owned()]),
        },
        strip_prefix: "src/".to_owned(),
        ..CompileOptions::default()
    };
    let main = r#"#!/usr/bin/env node
import { createServer } from "node:http";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { b } from "./b.ts";
const here: URL = new URL("../.env", import.meta.url);
export const later = () => import("node:fs");
"#;
    let files = [
        file("src/node.ts", main),
        file("src/b.ts", "export const b = 1;"),
    ];
    let modules = compile(&files, &options).expect("it compiles");
    let expected = r#"#!/usr/bin/env node
const here = new URL("../.env", import.meta.url);
export const later = () => import("node:fs");
"#;
    let printed = modules.first().map(|module| module.js.as_str());
    // What is not used is an import of types, as far as one file can tell.
    assert_eq!(printed, Some(expected));
    let used = file(
        "src/node.ts",
        "import { createServer } from \"node:http\";\nimport { serveStdio } from \"@modelcontextprotocol/server/stdio\";\ncreateServer(serveStdio);\n",
    );
    let printed = compile(&[used], &options).expect("it compiles");
    let expected = "import { createServer } from \"node:http\";\nimport { serveStdio } from \"@modelcontextprotocol/server/stdio\";\ncreateServer(serveStdio);\n";
    assert_eq!(
        printed.first().map(|module| module.js.as_str()),
        Some(expected)
    );
    for other in [
        "http",
        "left-pad",
        "@modelcontextprotocol/serverless",
        "https://example.com/x.js",
    ] {
        let refused = compile(
            &[file(
                "src/a.ts",
                &format!("import x from \"{other}\";\nx();"),
            )],
            &options,
        );
        let codes: Vec<_> = refused
            .expect_err(other)
            .iter()
            .map(|error| error.code)
            .collect();
        assert_eq!(codes, ["import_not_allowed"], "{other}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is cut out of, doubled in or thrown into a source text: an answer.
    #[test]
    fn never_panics_on_mutated_source(
        edits in prop::collection::vec((0.0..1.0f64, 0usize..40, prop_oneof![
            Just(String::new()), "[\\x00-\\x7f]{0,4}", "\\PC{0,3}",
            prop::sample::select(vec!["import ", "export ", "{", "}", "`", "${", "/", "*/", "<", "=>", "@", "\u{2028}", "#", "type ", "enum ", "namespace ", "declare ", "\\u{", "super", "yield ", "0x", "1n", "..."]).prop_map(str::to_owned),
        ]), 0..6),
        js in any::<bool>(),
    ) {
        let mut text: Vec<char> = SOURCE.chars().collect();
        for (place, length, insert) in edits {
            let start = (place * text.len() as f64) as usize;
            let end = (start + length).min(text.len());
            text.splice(start..end, insert.chars());
        }
        let text: String = text.into_iter().collect();
        let path = if js { "src/a.js" } else { "src/a.ts" };
        let main = file(path, &text);
        let checked = check(&main);
        let compiled = compile(&[main, file("src/b.ts", "export const a = 1;")], &options());
        if checked.is_err() {
            prop_assert!(compiled.is_err());
        }
        if let Ok(modules) = compiled {
            // What we print is valid JavaScript that imports only what exists.
            for module in &modules {
                let printed = file(&module.name, &module.js);
                prop_assert_eq!(check(&printed), Ok(()), "{}", module.js);
            }
        }
    }
}
