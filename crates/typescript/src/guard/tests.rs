use super::check_nesting;

fn refused(text: &str) -> bool {
    check_nesting(text).is_err()
}

#[test]
fn takes_flat_code_of_any_length() {
    for line in [
        "const a = [1, 2, { b: (c + d) / (e / f) }];\n",
        "export function f(x: string): number { return x.length / 2; }\n",
        "const s = \"((((((((((((((((((((\" + '[[[[[' + `{{{{{ ${a} {{{`;\n",
        "const r = /[(]+\\/(/.test(x) ? 1 : 2; // ((((((((\n",
        "/* (((( */ x = y as const;\n",
        "if (!/^https?:\\/\\/[\"'((]/.test(x) && !/((\\(/u.test(y)) { f(); }\n",
        "if ((a / b) > (c / (d + 1))) { f(); }\n",
    ] {
        assert!(!refused(&line.repeat(2_000)), "{line}");
    }
}

#[test]
fn refuses_each_way_to_nest() {
    for unit in [
        "(",
        "[",
        "{",
        "!",
        "-",
        "a=>",
        "a=",
        "a?",
        "a?.b",
        ".b",
        "+a",
        "new ",
        "typeof ",
        "if(a)",
        "if(a);else ",
        "else if(a){}",
        "a:",
        "`${",
        "async()=>",
        "A<",
        "a[0]",
        "f()",
        "a as const ",
        "a\nas\nconst ",
        "x.const.",
        "x.return+",
        "function(){}+",
        "class extends ",
        "a/(",
        "a!/(",
        "(a)!/(",
        "f(a)/(",
        "if(a)/)/.x;((((",
        "yield ",
        "await ",
        "import.meta+",
        "#a+",
        "...[",
    ] {
        let text = format!("x = {}", unit.repeat(4_000));
        // Units with a separator of their own nest only by their brackets.
        assert!(refused(&text), "{unit}");
    }
}

/// A chain of statement heads must not be forgotten at a comma, where each
/// level of brackets would start afresh.
#[test]
fn adds_up_what_stands_before_a_comma() {
    let unit = format!("{} b, function () {{", "if (a) ".repeat(100));
    assert!(refused(&unit.repeat(20)));
}

#[test]
fn a_regular_expression_hides_nothing() {
    // Read as a division, the quote would swallow the rest of the text.
    let hidden = format!("if (a) /`/.test(b); {}", "(".repeat(4_000));
    assert!(refused(&hidden));
    let closers = format!("{} if (a) /))))))))/.x;", "(");
    assert!(refused(&closers.repeat(400)));
}
