//! The completion scripts, executed by their shells.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::process::Shell;

/// Runs a script of a shell and returns its output. Skips a shell that is not installed, except bash.
async fn run(shell: &str, args: &[&str]) -> Option<String> {
    let mut command = Command::new(shell);
    command.args(args).env("TERM", "dumb").stdin(Stdio::null()).kill_on_drop(true);
    let output = match command.output().await {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && shell != "bash" => {
            eprintln!("skipped: {shell} is not installed");
            return None;
        }
        Err(error) => panic!("{shell}: {error}"),
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{shell}: {stderr}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Writes the completion script of a shell, and returns its path.
async fn write_script(shell: &Shell, name: &str) -> String {
    let script = shell.run(&["completions", name]).await;
    assert_eq!(script.code, 0, "{script:?}");
    let folder = shell.path(name);
    fs::create_dir(&folder).unwrap();
    // The name that zsh expects.
    let path = folder.join("_cdn-refresh");
    fs::write(&path, script.stdout).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Lines before the cursor, and some of the expected words.
const CASES: [(&str, &[&str]); 10] = [
    ("cdn-refresh pre", &["preload"]),
    ("cdn-refresh refresh --ki", &["--kind"]),
    ("cdn-refresh --json refresh --ki", &["--kind"]),
    ("cdn-refresh refresh --kind ca", &["cache-tag"]),
    ("cdn-refresh preload --ar", &["--area"]),
    ("cdn-refresh preload --area dom", &["domestic"]),
    ("cdn-refresh plan --quo", &["--quota"]),
    ("cdn-refresh refresh https://example.com/a --pa", &["--partial"]),
    ("cdn-refresh wait 704225667 --poll", &["--poll-interval"]),
    ("cdn-refresh wait --", &["--timeout", "--poll-interval", "--state", "--json"]),
];

#[tokio::test]
async fn bash_completes_subcommands_options_and_values() {
    // As bash does after Tab: the function gets the command, the word and the word before.
    const COMPLETE: &str = r#"
        source "$1"
        read -r -a COMP_WORDS <<<"$2"
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$2 COMP_POINT=${#2}
        spec=$(complete -p cdn-refresh)
        function=${spec#*-F }
        "${function%% *}" cdn-refresh "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}""#;
    let shell = Shell::new();
    let script = write_script(&shell, "bash").await;
    for (line, expected) in CASES {
        let words = run("bash", &["--norc", "-c", COMPLETE, "bash", &script, line]).await.unwrap();
        let words: Vec<&str> = words.lines().collect();
        let prefix = line.rsplit(' ').next().unwrap();
        assert!(expected.iter().all(|word| words.contains(word)), "{line}: {words:?}");
        assert!(words.iter().all(|word| word.starts_with(prefix)), "{line}: {words:?}");
    }
}

#[tokio::test]
async fn fish_completes_subcommands_options_and_values() {
    let shell = Shell::new();
    let script = write_script(&shell, "fish").await;
    for (line, expected) in CASES {
        let complete = "source $argv[1]; complete --do-complete $argv[2]";
        let args = ["--no-config", "-c", complete, &script, line];
        let Some(words) = run("fish", &args).await else { return };
        // Each line is a word, a tab and its description.
        let words: Vec<&str> = words.lines().filter_map(|line| line.split('\t').next()).collect();
        assert!(expected.iter().all(|word| words.contains(word)), "{line}: {words:?}");
    }
}

#[tokio::test]
async fn zsh_completes_subcommands_options_and_values() {
    // zsh completes only in its line editor, which needs a terminal and is ready after its prompt.
    const COMPLETE: &str = r#"
        zmodload zsh/zpty
        zpty terminal zsh -f -i
        zpty -w terminal "stty columns 200; fpath=(${(q)1} \$fpath); autoload -U compinit
            compinit -u -D; PS1='REA''DY '"
        zpty -r -m terminal output '*READY *'
        zpty -w -n terminal "$2"$'\t'
        output=
        for i in {1..300}; do
            zpty -r -t terminal part && output+=$part || sleep 0.1
            [[ $output == *"$3"* ]] && break
        done
        zpty -d terminal
        print -r -- "${(V)output}""#;
    let shell = Shell::new();
    let script = write_script(&shell, "zsh").await;
    let folder = script.trim_end_matches("/_cdn-refresh");
    for (line, expected) in CASES {
        let args = ["-f", "-c", COMPLETE, "zsh", folder, line, expected[0]];
        let completed = tokio::time::timeout(Duration::from_secs(120), run("zsh", &args)).await;
        let Some(output) = completed.unwrap() else { return };
        assert!(output.contains(expected[0]), "{line}: {output}");
    }
}
