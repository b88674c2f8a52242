use super::policy;
use crate::{MAX_URL_BYTES, Policy, check};

/// Hosts that are refused with `address_denied`, with http and with https.
const PRIVATE_HOSTS: &[&str] = &[
    // Loopback, in every spelling that a parser of the web takes.
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "0x7f.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "0x7F.0X0.0x0.0x1",
    "127.0.0.1.",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
    "127.0.0.0x1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::0001]",
    "[::]",
    // Names of the loopback.
    "localhost",
    "LOCALHOST",
    "localhost.",
    "LocalHost.",
    "foo.localhost",
    "foo.localhost.",
    "ⓛocalhost",
    "%6cocalhost",
    "localhost.localdomain",
    // This network, private, shared, link-local.
    "0.0.0.0",
    "0",
    "0.0.0.1",
    "0.255.255.255",
    "10.0.0.1",
    "10.255.255.255",
    "10.1",
    "0xa.1",
    "012.0.0.1",
    "167772161",
    "172.16.0.1",
    "172.31.255.255",
    "172.16.1",
    "192.168.0.1",
    "192.168.255.255",
    "192.168.1",
    "0xc0a80001",
    "3232235521",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "169.254.169.253",
    "0xa9fea9fe",
    "2852039166",
    "0251.0376.0251.0376",
    "169.254.43518",
    "①⑥⑨.②⑤④.①⑥⑨.②⑤④",
    // Special purposes, multicast, reserved, broadcast.
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "4294967295",
    "168.63.129.16",
    // IPv6 that carries IPv4: mapped, compatible, translated, 6to4, NAT64, Teredo.
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::FFFF:127.0.0.1]",
    "[0:0:0:0:0:ffff:7f00:0001]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:8.8.8.8]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2002:808:808::1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::8.8.8.8]",
    "[64:ff9b:1::a00:1]",
    "[2001::1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    // IPv6 of its own: unique local, link-local, site-local, multicast, others.
    "[fc00::1]",
    "[fd00::1]",
    "[fd00:ec2::254]",
    "[fdff:ffff::1]",
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[ff05::2]",
    "[100::1]",
    "[5f00::1]",
    "[2001:db8::1]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[3fff::1]",
    "[2620:4f:8000::1]",
    "[4000::1]",
    "[e000::1]",
    // Metadata services and internal names.
    "metadata.google.internal",
    "metadata.google.internal.",
    "METADATA.google.INTERNAL",
    "metadata",
    "metadata.goog",
    "instance-data.ec2.internal",
    "instance-data",
    "metadata.azure.com",
    "metadata.tencentyun.com",
    "metadata.platformequinix.com",
    "kubernetes",
    "kubernetes.default.svc.cluster.local",
    "kubernetes.default.svc",
    "db.internal",
    "printer.local",
    "router.lan",
    "nas.home",
    "nas.home.arpa",
    "build.corp",
    "wiki.intranet",
    "redis",
    "app.test",
    "x.invalid",
    "x.onion",
    "1.0.0.127.in-addr.arpa",
    "ipv4only.arpa",
    "host.docker.internal",
    "gateway.docker.internal",
    // Public names that spell a private address.
    "127.0.0.1.nip.io",
    "10-0-0-1.sslip.io",
    "localtest.me",
    "anything.localtest.me",
    "lvh.me",
    "a.lvh.me.",
    "127.0.0.1.xip.io",
];

#[test]
fn private_hosts_are_refused_in_every_spelling() {
    for host in PRIVATE_HOSTS {
        for scheme in ["http", "https", "HTTP"] {
            for rest in ["", "/", ":80/openapi.json", ":443/?a=b#c", ":8080/"] {
                let url = format!("{scheme}://{host}{rest}");
                match check(&url, &policy()) {
                    Ok(passed) => panic!("{url} passes as {passed}"),
                    Err(denied) => assert_eq!(denied.code, "address_denied", "{url}"),
                }
            }
        }
    }
    let mut distinct = PRIVATE_HOSTS.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    assert!(
        distinct.len() >= 120,
        "the table has {} distinct hosts",
        distinct.len()
    );
    assert_eq!(distinct.len(), PRIVATE_HOSTS.len());
}

const OTHERS: &[(&str, &str)] = &[
    // Schemes.
    ("ftp://example.com/a", "scheme_denied"),
    ("file:///etc/passwd", "scheme_denied"),
    ("file://example.com/etc/passwd", "scheme_denied"),
    ("FILE:///etc/passwd", "scheme_denied"),
    ("data:application/json,{}", "scheme_denied"),
    ("javascript:alert(1)", "scheme_denied"),
    ("blob:https://example.com/1", "scheme_denied"),
    ("about:blank", "scheme_denied"),
    ("ws://example.com/", "scheme_denied"),
    ("wss://example.com/", "scheme_denied"),
    ("gopher://example.com/_GET", "scheme_denied"),
    ("dict://example.com:80/x", "scheme_denied"),
    ("ldap://example.com/", "scheme_denied"),
    ("jar:http://example.com/a!/", "scheme_denied"),
    ("view-source:https://example.com/", "scheme_denied"),
    ("git+https://example.com/", "scheme_denied"),
    // User names and passwords.
    ("https://user@example.com/", "userinfo_denied"),
    ("https://user:pw@example.com/", "userinfo_denied"),
    ("https://:pw@example.com/", "userinfo_denied"),
    ("https://example.com@127.0.0.1/", "userinfo_denied"),
    ("https://127.0.0.1@example.com/", "userinfo_denied"),
    ("https://example.com%2f@127.0.0.1/", "userinfo_denied"),
    // Ports.
    ("https://example.com:22/", "port_denied"),
    ("http://example.com:25/", "port_denied"),
    ("http://example.com:6379/", "port_denied"),
    ("https://example.com:8080/", "port_denied"),
    ("https://example.com:8443/", "port_denied"),
    ("https://example.com:0/", "port_denied"),
    ("https://example.com:65535/", "port_denied"),
    // Our own domains, with all below them and with the root's dot.
    ("https://mcpengine.run/", "own_domain_denied"),
    ("https://MCPENGINE.RUN/", "own_domain_denied"),
    ("https://mcpengine.run./", "own_domain_denied"),
    ("https://things.mcpengine.run/mcp", "own_domain_denied"),
    ("https://a.b.mcpengine.run./mcp", "own_domain_denied"),
    ("https://studio.example/", "own_domain_denied"),
    ("https://api.studio.example./", "own_domain_denied"),
    ("https://%6dcpengine.run/", "own_domain_denied"),
    ("https://mcpengine。run/", "own_domain_denied"),
    // Not addresses at all.
    ("", "invalid_url"),
    ("   ", "invalid_url"),
    ("example.com/openapi.json", "invalid_url"),
    ("/openapi.json", "invalid_url"),
    ("//example.com/a", "invalid_url"),
    ("https://", "invalid_url"),
    ("https:///", "invalid_url"),
    ("http://[::1", "invalid_url"),
    ("http://[::1%25eth0]/", "invalid_url"),
    ("http://[fe80::1%eth0]/", "invalid_url"),
    ("http://256.0.0.1/", "invalid_url"),
    ("http://1.2.3.4.5/", "invalid_url"),
    ("http://0x100000000/", "invalid_url"),
    ("http://exa mple.com/", "invalid_url"),
    ("http://exa%00mple.com/", "invalid_url"),
    ("http://example.com:99999/", "invalid_url"),
    ("http://example.com:80:80/", "invalid_url"),
    ("http://a<b.com/", "invalid_url"),
    // Empty labels.
    ("https://example..com/", "address_denied"),
    ("https://.example.com/", "address_denied"),
    ("https://com/", "address_denied"),
    ("https://./", "address_denied"),
];

/// The families of what has to be refused, each with at least one address: a test
/// of the table, so that nobody shortens it by a family.
const FAMILIES: &[(&str, &[&str])] = &[
    (
        "decimal, octal, hexadecimal and short forms",
        &["2130706433", "0177.0.0.1", "0x7f.1", "127.1"],
    ),
    (
        "full-width and circled digits",
        &["１２７.０.０.１", "①②⑦.⓪.⓪.①"],
    ),
    (
        "percent-encoded",
        &["%31%32%37.0.0.1", "127%2e0%2e0%2e1", "%6cocalhost"],
    ),
    ("trailing dot", &["127.0.0.1.", "localhost."]),
    (
        "mapped",
        &["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:8.8.8.8]"],
    ),
    ("6to4", &["[2002:7f00:1::]"]),
    ("NAT64", &["[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]"]),
    ("Teredo", &["[2001:0:4136:e378:8000:63bf:3fff:fdd2]"]),
    (
        "private",
        &["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1"],
    ),
    ("carrier-grade NAT", &["100.64.0.1", "100.127.255.255"]),
    ("this network", &["0.0.0.0", "0", "0.255.255.255"]),
    ("benchmarks", &["198.18.0.1", "198.19.255.255"]),
    ("link-local", &["169.254.0.1", "[fe80::1]"]),
    ("unique local", &["[fc00::1]", "[fd00:ec2::254]"]),
    (
        "multicast and reserved",
        &["224.0.0.1", "240.0.0.1", "255.255.255.255", "[ff02::1]"],
    ),
    (
        "metadata services",
        &[
            "169.254.169.254",
            "metadata.google.internal",
            "168.63.129.16",
        ],
    ),
    ("names that spell addresses", &["127.0.0.1.nip.io"]),
];

/// What else is refused, by its reason, and how many of the table at least.
const REASONS: &[(&str, usize)] = &[
    ("scheme_denied", 12),
    ("userinfo_denied", 6),
    ("port_denied", 6),
    ("own_domain_denied", 8),
    ("invalid_url", 16),
];

#[test]
fn every_family_is_in_the_tables() {
    for (family, hosts) in FAMILIES {
        for host in *hosts {
            assert!(PRIVATE_HOSTS.contains(host), "{family}: {host}");
        }
    }
    for (reason, least) in REASONS {
        let found = OTHERS.iter().filter(|(_, code)| code == reason).count();
        assert!(found >= *least, "{reason}: {found} of {least}");
    }
    let mut denied: Vec<String> = PRIVATE_HOSTS
        .iter()
        .map(|host| format!("https://{host}/"))
        .chain(OTHERS.iter().map(|(url, _)| (*url).to_owned()))
        .filter(|url| check(url, &policy()).is_err())
        .collect();
    denied.sort_unstable();
    denied.dedup();
    assert_eq!(denied.len(), PRIVATE_HOSTS.len() + OTHERS.len());
    assert!(denied.len() >= 120, "{} addresses are denied", denied.len());
}

#[test]
fn other_addresses_are_refused_with_their_reason() {
    for (url, code) in OTHERS {
        match check(url, &policy()) {
            Ok(passed) => panic!("{url} passes as {passed}"),
            Err(denied) => assert_eq!(denied.code, *code, "{url}: {denied}"),
        }
    }
}

#[test]
fn plain_http_is_refused_where_https_is_required() {
    let strict = Policy::default();
    assert_eq!(
        check("http://example.com/", &strict).unwrap_err().code,
        "https_required"
    );
    assert_eq!(
        check("http://example.com:443/", &strict).unwrap_err().code,
        "https_required"
    );
    assert!(check("https://example.com/", &strict).is_ok());
    // Loopback is no way around it.
    assert_eq!(
        check("http://127.0.0.1/", &strict).unwrap_err().code,
        "address_denied"
    );
}

#[test]
fn allowing_loopback_allows_nothing_else() {
    let development = Policy {
        allow_loopback: true,
        ..policy()
    };
    let loopback = [
        "127.0.0.1",
        "127.0.0.2",
        "127.255.255.254",
        "127.1",
        "127.0.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0177.0.0.01",
        "0x7f.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "0x7F.0X0.0x0.0x1",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "127%2e0%2e0%2e1",
        "①②⑦.⓪.⓪.①",
        "１２７.０.０.１",
        "127。0。0。1",
        "127.0.0.0x1",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[0000:0000:0000:0000:0000:0000:0000:0001]",
        "[::0001]",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "LocalHost.",
        "foo.localhost",
        "foo.localhost.",
        "ⓛocalhost",
        "%6cocalhost",
    ];
    for host in PRIVATE_HOSTS {
        let url = format!("http://{host}:8787/openapi.json");
        assert_eq!(
            check(&url, &development).is_ok(),
            loopback.contains(host),
            "{url}"
        );
    }
    for url in [
        "ftp://127.0.0.1/",
        "http://user@127.0.0.1/",
        "file://localhost/etc/passwd",
    ] {
        assert!(check(url, &development).is_err(), "{url}");
    }
}

#[test]
fn a_very_long_address_is_refused() {
    let long = format!("https://example.com/{}", "a".repeat(MAX_URL_BYTES));
    assert_eq!(check(&long, &policy()).unwrap_err().code, "url_too_long");
}

#[test]
fn a_refusal_repeats_neither_query_nor_credentials() {
    let secrets = [
        "https://user:hunter2@example.com/?key=hunter2",
        "http://10.0.0.1/hunter2?key=hunter2#hunter2",
        "ftp://example.com/hunter2",
        "https://example.com:22/hunter2",
        "https://mcpengine.run/hunter2",
    ];
    for url in secrets {
        let denied = check(url, &policy()).unwrap_err();
        assert!(!denied.message.contains("hunter2"), "{denied}");
    }
}
