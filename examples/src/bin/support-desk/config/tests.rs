use std::collections::BTreeSet;

use clap::Command;

use super::*;

fn read_text(text: &str) -> Result<Options, Mistake> {
    parse(Path::new("desk.toml"), text)
}

/// What is told about a text.
fn told(text: &str) -> String {
    read_text(text).map_or_else(|mistake| mistake.to_string(), |_| "nothing".to_owned())
}

/// The keys of a section, as the types have them.
fn keys_of(section: &str) -> Vec<String> {
    let header = if section.is_empty() { String::new() } else { format!("[{section}]\n") };
    let problem = toml_problem(&format!("{header}zzz = 1\n"));
    assert!(problem.starts_with("unknown field `zzz`"), "{section}: {problem}");
    problem.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

fn toml_problem(text: &str) -> String {
    let document = toml::Deserializer::parse(text).expect("TOML");
    let error = serde_path_to_error::deserialize::<_, Options>(document).expect_err("an unknown key");
    error.inner().message().to_owned()
}

/// The sections, by the names under which the documentation has them. A key that is one is not a key of its own.
const SECTIONS: &[&str] = &[
    "",
    "auth",
    "jwt",
    "ai",
    "ai.policy",
    "log",
    "metrics",
    "limits",
    "limits.visitor",
    "limits.agent",
    "limits.all_visitors",
    "limits.all_agents",
    "addresses",
    "widget",
    "workspaces.lamps",
    "workspaces.lamps.policy",
    "workspaces.lamps.limits",
    "workspaces.lamps.limits.visitor",
    "workspaces.lamps.limits.agent",
    "workspaces.lamps.limits.all_visitors",
    "workspaces.lamps.limits.all_agents",
    "workspaces.lamps.widget",
];

/// Every key that there is, in full.
fn all_keys() -> BTreeSet<String> {
    let keys = SECTIONS.iter().flat_map(|section| {
        let prefix = if section.is_empty() { String::new() } else { format!("{section}.") };
        keys_of(section).into_iter().map(move |key| format!("{prefix}{key}"))
    });
    let sections: BTreeSet<_> = SECTIONS.iter().map(|section| (*section).to_owned()).collect();
    keys.filter(|key| key != "workspaces" && !sections.contains(key)).collect()
}

/// The example with everything in it said.
fn example_said() -> String {
    let setting = |line: &str| line.starts_with(|c: char| c.is_ascii_lowercase() || c == '[');
    let lines =
        EXAMPLE.lines().map(|line| line.strip_prefix('#').filter(|rest| setting(rest)).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_is_a_configuration_as_it_is_and_with_everything_said() {
    assert_eq!(told(EXAMPLE), "nothing");
    assert_eq!(told(&example_said()), "nothing");
    crate::check::check(&read_text(EXAMPLE).expect("read")).expect("nothing contradicts");
}

/// The keys that a file says, in full.
fn collect(prefix: &str, table: &toml::Table, keys: &mut BTreeSet<String>) {
    for (key, value) in table {
        let whole = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(table) if SECTIONS.contains(&&*whole) || key == "workspaces" => {
                collect(&whole, table, keys);
            }
            _ => drop(keys.insert(whole)),
        }
    }
}

#[test]
fn the_example_has_every_key() {
    let document: toml::Table = toml::from_str(&example_said()).expect("TOML");
    let mut said = BTreeSet::new();
    collect("", &document, &mut said);
    // What a policy, limits and a widget may have is shown once.
    let shown_above = |key: &&String| {
        let policy = ["policy", "limits", "widget"]
            .iter()
            .any(|section| key.starts_with(&format!("workspaces.lamps.{section}.")));
        let seldom = ["ai.policy.unhelpful_after", "ai.policy.hours"].contains(&key.as_str());
        // The JSON name of the same key.
        policy || seldom || key.ends_with("zIndex")
    };
    let missing: Vec<_> =
        all_keys().into_iter().filter(|key| !said.contains(key) && !shown_above(&key)).collect();
    assert!(missing.is_empty(), "the example lacks {missing:?}");
}

#[test]
fn a_mistake_is_told_with_its_place_its_key_and_what_may_be_meant() {
    for (text, expected) in [
        ("\nlisten = 5\n", "desk.toml:2:10: listen: invalid type"),
        ("lisen = \"127.0.0.1:1\"\n", "desk.toml:1:1: lisen: there is no such key\ndid you mean listen?"),
        ("colour = \"red\"\n", "desk.toml:1:1: colour: there is no such key\nthere are: listen, db, store"),
        ("store = \"sqlit\"", "desk.toml:1:9: store: \"sqlit\" is none of them\ndid you mean sqlite?"),
        ("listen = \"here\"", "desk.toml:1:10: listen: invalid socket address"),
        ("[widget]\naccent = \"red\"", "desk.toml:2:10: widget.accent: a colour is #rrggbb or #rgb"),
        (
            "[widget]\n\n  acent = \"#fff\"",
            "desk.toml:3:3: widget.acent: there is no such key\ndid you mean accent?",
        ),
        (
            "[workspaces.lamps]\nhosts = [\"a.example\", \"https://b.example\"]",
            "desk.toml:2:9: workspaces.lamps.hosts[1]: a host name is a name without scheme",
        ),
        (
            "[workspaces.lamps.widget]\ntitel = \"x\"",
            "desk.toml:2:1: workspaces.lamps.widget.titel: there is no such key\ndid you mean title?",
        ),
        ("allow_origin = [\"shop.example\"]", "desk.toml:1:16: allow_origin[0]: an origin is scheme://host"),
        (
            "[ai.policy]\nmod = \"off\"",
            "desk.toml:2:1: ai.policy.mod: there is no such key\ndid you mean mode?",
        ),
        (
            "[limits.visitor]\nmesages = \"1 in 1 s\"",
            "desk.toml:2:1: limits.visitor.mesages: there is no such key\ndid you mean messages?",
        ),
        (
            "[workspaces.lamps.limits.visitr]\nmessages = \"1 in 1 s\"",
            "desk.toml:1:26: workspaces.lamps.limits.visitr: there is no such key\ndid you mean visitor?",
        ),
        (
            "[workspaces.lamps.limits.agent]\nbytes = \"4 KiB per 1 s\"",
            "desk.toml:2:9: workspaces.lamps.limits.agent.bytes: a rate is such as \"20 in 30 s\"",
        ),
        ("[limits]\nsockets = 0", "desk.toml:2:11: limits.sockets: invalid value: integer `0`"),
        (
            "[addresses]\ntrusted_proxies = [\"10.0.0.0/33\"]",
            "desk.toml:2:19: addresses.trusted_proxies[0]: not an address such as",
        ),
        (
            "[addresses]\nforwarded_header = \"forward\"",
            "desk.toml:2:20: addresses.forwarded_header: \"forward\" is none of them\ndid you mean forwarded?",
        ),
        ("listen = ", "desk.toml:1:10: "),
        ("[ai]\n[ai]", "desk.toml:2:2: "),
    ] {
        let told = told(text);
        assert!(told.starts_with(expected), "{text}\n{told}");
    }
}

#[test]
fn a_secret_does_not_stand_in_the_file() {
    let told = told("[ai]\nopenai_key = \"sk-s3cret\"\n");
    let expected = "desk.toml:2:1: ai.openai_key: a secret does not stand in this file\n\
                    put it into a file of its own and name that: openai_key_file = \"…\", or set MINICOM_OPENAI_KEY";
    assert_eq!(told, expected);
    // Neither in its place, nor in another's message.
    for text in
        ["[ai]\nopenai_key = \"sk-s3cret\"", "[ai]\nopenai_keys = \"sk-s3cret\"", "[ai]\nkey = \"sk-s3cret\""]
    {
        let mistake = read_text(text).expect_err("a secret");
        assert!(!format!("{mistake} {mistake:?}").contains("s3cret"), "{mistake:?}");
    }
}

#[test]
fn a_flag_goes_before_the_file_and_that_before_what_holds_by_default() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("desk.toml");
    fs::write(
        &path,
        "listen = \"127.0.0.1:7\"\nframework = \"warp\"\n[widget]\ntitle = \"File\"\nintro = \"File\"\n",
    )
    .expect("written");
    let said = ["support-desk", "--listen", "127.0.0.1:9", "--widget-title", "Flag"];
    let matches = CommandLine::command().mut_args(|arg| arg.env(None)).get_matches_from(said);
    let options = load(Some(&path), matches.clone()).expect("read");
    assert_eq!(options.listen.port(), 9, "the flag");
    assert_eq!(options.framework, crate::options::Framework::Warp, "the file");
    assert_eq!(options.db, Path::new("minicom.db"), "by default");
    let widget = minicom_web::WidgetConfig::from(options.widget);
    assert_eq!(widget.title.map(String::from).as_deref(), Some("Flag"));
    assert_eq!(widget.intro.map(String::from).as_deref(), Some("File"));
    let missing = load(Some(&folder.path().join("none.toml")), matches).expect_err("no file");
    assert!(matches!(missing, ConfigError::Read { .. }));
}

/// What is left out of a section is as it is for all.
#[test]
fn rates_are_laid_over_those_that_hold_for_all() {
    let options = read_text(
        "rate_limits = true\n[limits.visitor]\nmessages = \"1 in 1 s\"\nreads = \"2 in 2 s\"\n\
         [limits]\nsockets = 7\n[addresses]\nconnects = \"unlimited\"\n\
         [workspaces.lamps.limits]\nconversations = \"3 in 3 s\"\n[workspaces.lamps.limits.visitor]\nreads = \"4 in 4 s\"\n",
    )
    .expect("read");
    let of_all = options.rates().expect("counted");
    let own = options.workspaces.values().next().expect("one").limits.rates_over(of_all.workspace);
    let written = |rates: [minicom_core::Rate; 3]| rates.map(|rate| rate.to_string());
    let three = |rates: minicom_core::WorkspaceRates| {
        written([rates.visitor.messages, rates.visitor.reads, rates.conversations])
    };
    assert_eq!(three(of_all.workspace), ["1 in 1 s", "2 in 2 s", "600 in 1 min"]);
    assert_eq!(three(own), ["1 in 1 s", "4 in 4 s", "3 in 3 s"]);
    assert_eq!((own.sockets, of_all.address.connects), (7, minicom_core::Rate::UNLIMITED));
    assert_eq!(own.agent, minicom_core::WorkspaceRates::default().agent);
    assert_eq!(read_text("").expect("read").rates(), None, "by path nobody counts unless it is asked for");
}

#[test]
fn what_holds_by_default_is_the_same_in_the_struct_and_on_the_command_line() {
    let matches = CommandLine::command().mut_args(|arg| arg.env(None)).get_matches_from(["support-desk"]);
    let line = CommandLine::from_arg_matches(&matches).expect("nothing is needed");
    assert_eq!(format!("{:?}", line.options), format!("{:?}", Options::default()));
}

/// A row of the documentation.
fn row(key: &str, command: &Command) -> Option<String> {
    let argument = command.get_arguments().find(|argument| argument.get_id().as_str() == key)?;
    let variable = argument.get_env().and_then(|name| name.to_str()).unwrap_or_default();
    let flag = argument.get_long().unwrap_or_default();
    let defaults: Vec<_> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let default = if defaults.is_empty() { String::new() } else { format!("`{}`", defaults.join(",")) };
    let kind = match argument.get_possible_values() {
        values if values.is_empty() => argument
            .get_value_names()
            .and_then(|names| names.first())
            .map_or_else(String::new, |name| name.to_lowercase()),
        values => values.iter().map(|value| format!("`{}`", value.get_name())).collect::<Vec<_>>().join(", "),
    };
    let meaning = argument.get_help().map(ToString::to_string).unwrap_or_default().replace('|', "\\|");
    Some(format!("| `{key}` | {kind} | {default} | `--{flag}` | `{variable}` | {meaning} |"))
}

#[test]
fn the_documentation_has_every_key() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/configuration.md");
    let document = fs::read_to_string(&path).expect("docs/configuration.md");
    let command = CommandLine::command();
    let (mut rows, mut others) = (Vec::new(), Vec::new());
    for key in all_keys() {
        match row(&key, &command) {
            Some(row) => rows.push(row),
            None => others.push(key.replace("workspaces.lamps.", "workspaces.ID.")),
        }
    }
    let header =
        "| key | value | default | flag | environment | meaning |\n| --- | --- | --- | --- | --- | --- |";
    let table = format!("{header}\n{}\n", rows.join("\n"));
    let (open, close) = ("<!-- keys -->\n", "<!-- /keys -->");
    let (before, rest) = document.split_once(open).expect("the table's opening mark");
    let (found, after) = rest.split_once(close).expect("the table's closing mark");
    if found != table && std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{before}{open}{table}{close}{after}")).expect("written");
    } else {
        assert_eq!(found, table, "run UPDATE_DOCS=1 cargo test -p minicom-examples documentation");
    }
    // What can be said in the file alone is told in prose, and rates by their own table.
    let limits = fs::read_to_string(path.with_file_name("limits.md")).expect("docs/limits.md");
    for key in others {
        let (section, name) = key.rsplit_once('.').expect("in a section");
        // A workspace's sections have the same keys as those that are for all.
        let of_workspace = key.strip_prefix("workspaces.ID.").and_then(|rest| rest.split_once('.'));
        let shared = of_workspace.map(|(section, _)| format!("workspaces.ID.{section}"));
        let shared = shared.or_else(|| (section == "ai.policy").then(|| section.to_owned()));
        let told = document.contains(&format!("`{key}`"))
            || limits.contains(&format!("| `{key}` |"))
            || shared.is_some_and(|section| document.contains(&format!("`{section}`")));
        assert!(told || name == "zIndex", "docs/configuration.md does not tell of {key}");
    }
}
