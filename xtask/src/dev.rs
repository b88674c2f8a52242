//! `cargo xtask dev`: from a clone to a running studio.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::build::{self, Profile};
use crate::progress::{now, pause, say, step};
use crate::{run, state};

/// How long the first answer may take: workerd starts, the module is compiled.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Between two scheduled events: twice as often as the trigger in wrangler.toml says,
/// because who waits sits in front of it.
const TICK: Duration = Duration::from_secs(30);

/// Set by Ctrl-C, and by the signals that ask a process to end.
static STOP: AtomicBool = AtomicBool::new(false);

/// Builds, prepares the local state and serves until interrupted.
pub(crate) fn serve(port: u16, fresh: bool) -> Result<()> {
    free(port)?;
    let start = now();
    build::all(Profile::Dev)?;
    if fresh {
        state::wipe()?;
    }
    state::ensure()?;
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed))?;
    let mut server = Server::start(&mut wrangler(port))?;
    step("Studio: start", || server.wait_until_healthy(port))?;
    keep_ticking(port);
    let token = development_token(port)?;
    say(guide(port, start.elapsed().as_secs_f64(), &token));
    server.wait_until_stopped()
}

/// Refuses a port that another program has, before minutes of building.
fn free(port: u16) -> Result<()> {
    if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() {
        bail!(
            "port {port} is in use.\n  Remedy: end the program that has it, or choose another: \
             cargo xtask dev --port {}",
            port.wrapping_add(1).max(1024)
        );
    }
    Ok(())
}

fn wrangler(port: u16) -> Command {
    let mut command = run::npm_binary("wrangler");
    command
        .args([
            "dev",
            "--ip",
            "127.0.0.1",
            "--show-interactive-dev-session=false",
        ])
        .args(["--persist-to", ".wrangler/state", "--log-level", "warn"])
        .args(["--port", &port.to_string()]);
    command
}

/// A child that does not outlive this process's interest in it.
struct Server(Child);

impl Server {
    fn start(command: &mut Command) -> Result<Self> {
        command
            .spawn()
            .map(Self)
            .with_context(|| format!("cannot start {}", run::display(command)))
    }

    fn wait_until_healthy(&mut self, port: u16) -> Result<()> {
        let start = now();
        while start.elapsed() < START_LIMIT {
            if let Some(status) = self.0.try_wait()? {
                bail!("wrangler dev ended before it answered ({status})");
            }
            if STOP.load(Ordering::Relaxed) {
                bail!("stopped");
            }
            if healthy(port) {
                return Ok(());
            }
            pause(Duration::from_millis(100));
        }
        bail!(
            "the studio did not answer within {} s",
            START_LIMIT.as_secs()
        )
    }

    fn wait_until_stopped(&mut self) -> Result<()> {
        while !STOP.load(Ordering::Relaxed) {
            if let Some(status) = self.0.try_wait()? {
                bail!("wrangler dev ended ({status})");
            }
            pause(Duration::from_millis(200));
        }
        say("\nThe studio has ended.");
        Ok(())
    }
}

impl Drop for Server {
    /// Asks first, so that wrangler can end workerd; it outlives a kill.
    fn drop(&mut self) {
        let start = now();
        let ended = |child: &mut Child| !matches!(child.try_wait(), Ok(None));
        if !ended(&mut self.0) {
            let _ = Command::new("kill")
                .args(["-TERM", &self.0.id().to_string()])
                .status();
        }
        while !ended(&mut self.0) && start.elapsed() < Duration::from_secs(5) {
            pause(Duration::from_millis(50));
        }
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn healthy(port: u16) -> bool {
    ask(port, "GET /api/health", "").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// Sends the scheduled event, as Cloudflare does by the clock and wrangler does not:
/// it takes up the jobs of a studio that was ended in the midst of them. Its answer
/// comes when they are done, and nobody waits for it.
#[expect(clippy::disallowed_methods, reason = "this program has threads")]
fn keep_ticking(port: u16) {
    std::thread::spawn(move || {
        while !STOP.load(Ordering::Relaxed) {
            let _ = ask(port, "GET /cdn-cgi/handler/scheduled", "");
            pause(TICK);
        }
    });
}

/// A token of the built-in issuer for the local account, good for half a day.
fn development_token(port: u16) -> Result<String> {
    let form = "grant_type=client_credentials";
    let answer = ask(port, "POST /dev-issuer/token", form)?;
    answer
        .split_once("\"access_token\":\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(token, _)| token.to_owned())
        .context("the built-in issuer gave no token.\n  Remedy: delete .dev.vars and start again")
}

/// One request to the studio, whose whole answer is returned.
fn ask(port: u16, line: &str, form: &str) -> Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let request = format!(
        "{line} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn guide(port: u16, seconds: f64, token: &str) -> String {
    format!(
        r#"
The studio runs (ready after {seconds:.0} s):  http://localhost:{port}

Open the page and press "Try the sample API", or ask from a second terminal, as the
local account with its development token (12 hours):

  TOKEN={token}
  curl http://localhost:{port}/sample-api/books
  curl -N http://localhost:{port}/api/analyze -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '{{"specUrl":"http://localhost:{port}/sample-api/openapi.json"}}'

README.md goes on from there to a live tool call. Ctrl-C ends the studio."#
    )
}
