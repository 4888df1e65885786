//! A real browser: Chromium, started privately through its driver, and stopped with the test.

use crate::needed::absent;
use crate::process::{SOON, eventually, http};
use fantoccini::key::Key;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// How a browser shows pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether its owner likes it dark.
    pub dark: bool,
    /// Whether it is a phone.
    pub phone: bool,
}

impl Look {
    /// A light desktop.
    pub const DESKTOP: Self = Self { dark: false, phone: false };
    /// A light phone.
    pub const PHONE: Self = Self { phone: true, ..Self::DESKTOP };

    /// The same, dark.
    #[must_use]
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }
}

/// The driver of the browsers of one test.
#[derive(Debug)]
pub struct Driver {
    process: Child,
    url: String,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Driver {
    /// Starts a driver on a port of its own choice; `None`, said aloud, when there is no Chromium.
    ///
    /// # Panics
    /// When it does not start, or is not installed although `MUSTER_TEST_REQUIRE` names `chromium`.
    #[must_use]
    pub fn start(test: &str) -> Option<Self> {
        let found = |name: &str| Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success());
        if !(found("chromium") && found("chromedriver")) {
            absent(test, "chromium", "Chromium with its driver");
            return None;
        }
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut process = started.expect("the driver starts");
        let mut lines = BufReader::new(process.stdout.take().expect("it has an output")).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("was started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        // It goes on talking; somebody has to listen, or it blocks.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let url = format!("http://127.0.0.1:{}", port.expect("the driver names its port"));
        Some(Self { process, url })
    }

    /// Opens a browser of its own, with nothing in its cookie jar.
    ///
    /// # Panics
    /// When it does not open.
    pub async fn open(&self, look: Look) -> Browser {
        let scheme = if look.dark { "0" } else { "1" };
        let scheme = format!("--blink-settings=preferredColorScheme={scheme}");
        let mut args = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--window-size=1280,900",
        ];
        args.push(&scheme);
        let mut options = json!({ "args": args });
        if look.phone {
            options["mobileEmulation"] = json!({ "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 2.0 } });
        }
        let mut wanted = Capabilities::new();
        wanted.insert("goog:chromeOptions".to_owned(), options);
        wanted.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        let client = ClientBuilder::new(HttpConnector::new()).capabilities(wanted).connect(&self.url).await;
        Browser { client: client.expect("a browser opens"), driver: self.url.clone() }
    }
}

/// One person's browser.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    driver: String,
}

impl Browser {
    /// Goes to an address.
    ///
    /// # Panics
    /// When the browser does not follow.
    pub async fn goes_to(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Waits until an element shows that text, in whatever case the style gives it.
    ///
    /// # Panics
    /// When it does not.
    pub async fn sees(&self, css: &str, text: &str) {
        self.waits_for((css, text), async || self.text(css).await).await;
    }

    /// Waits until an element holds that text, scrolled out of sight or not.
    ///
    /// # Panics
    /// When it does not.
    pub async fn reads(&self, css: &str, text: &str) {
        let whole = async || self.client.find(Locator::Css(css)).await.ok()?.prop("textContent").await.ok().flatten();
        self.waits_for((css, text), whole).await;
    }

    async fn waits_for(&self, (css, text): (&str, &str), mut read: impl AsyncFnMut() -> Option<String>) {
        let wanted = text.to_lowercase();
        let last = std::cell::RefCell::new(String::new());
        let look = async || {
            let shown = read().await?;
            let is_there = shown.to_lowercase().contains(&wanted);
            last.replace(shown);
            is_there.then_some(())
        };
        let waited = tokio::time::timeout(SOON, eventually(css, SOON * 2, look)).await;
        assert!(waited.is_ok(), "{css} does not show “{text}” but: {}", last.borrow());
    }

    /// The text of the first element that fits, as it is shown, if there is one.
    pub async fn text(&self, css: &str) -> Option<String> {
        self.client.find(Locator::Css(css)).await.ok()?.text().await.ok()
    }

    /// Waits for an element that is shown, and clicks it.
    ///
    /// # Panics
    /// When it does not come, or cannot be clicked.
    pub async fn clicks(&self, xpath: &str) {
        let click = async || {
            for element in self.client.find_all(Locator::XPath(xpath)).await.ok()? {
                if element.is_displayed().await.unwrap_or(false) && element.click().await.is_ok() {
                    return Some(());
                }
            }
            None
        };
        eventually(xpath, SOON, click).await;
    }

    /// Clicks the button that says exactly that.
    ///
    /// # Panics
    /// When there is none.
    pub async fn presses(&self, label: &str) {
        self.clicks(&format!("//button[normalize-space()='{label}']")).await;
    }

    /// Types into a field, after what is there.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn types(&self, css: &str, text: &str) {
        let type_it = async || {
            let field = self.client.find(Locator::Css(css)).await.ok()?;
            field.send_keys(text).await.ok()
        };
        eventually(css, SOON, type_it).await;
    }

    /// Types a line into the command line of a room and sends it.
    ///
    /// # Panics
    /// When there is no command line, or it does not take the line.
    pub async fn commands(&self, line: &str) {
        self.types("#command-line", &format!("{line}\u{E007}")).await;
        let taken = async || {
            let field = self.client.find(Locator::Css("#command-line")).await.ok()?;
            field.prop("value").await.ok().flatten().filter(String::is_empty)
        };
        eventually(line, SOON, taken).await;
    }

    /// Presses a key wherever the page has its focus.
    ///
    /// # Panics
    /// When it cannot.
    pub async fn presses_key(&self, key: Key) {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(&key).await.expect("it takes the key");
    }

    /// Makes the window as wide and as high as that, in the pixels of the page, narrower than any window of a desktop may be.
    ///
    /// # Panics
    /// When it cannot.
    pub async fn is_sized(&self, width: u64, height: u64) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 0, "mobile": false });
        let order = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        let url = format!("{}/goog/cdp/execute", self.session().await);
        let answer = http().post(url).json(&order).send().await.expect("the driver answers");
        assert!(answer.status().is_success(), "the window is not made {width} by {height}");
    }

    /// What a script of the page's own rights answers.
    ///
    /// # Panics
    /// When it throws.
    pub async fn evaluates(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("the script runs")
    }

    /// Takes a picture of the window into `target/screenshots/`, and says where it is.
    ///
    /// # Panics
    /// When it cannot.
    pub async fn photographs(&self, name: &str) -> PathBuf {
        let picture = self.client.screenshot().await.expect("the browser takes a picture");
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
        std::fs::create_dir_all(&folder).expect("there is a place for pictures");
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, picture).expect("the picture is kept");
        path
    }

    /// Everything the browser has complained about: errors of scripts, and of the content security policy.
    ///
    /// # Panics
    /// When the driver does not tell.
    pub async fn complaints(&self) -> Vec<String> {
        let url = format!("{}/se/log", self.session().await);
        let answer = http().post(url).json(&json!({ "type": "browser" })).send().await.expect("the driver answers");
        let log: Value = answer.json().await.expect("the driver tells");
        let entries = log["value"].as_array().cloned().unwrap_or_default();
        entries.iter().filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect()
    }

    /// Where the driver takes orders for this browser.
    async fn session(&self) -> String {
        let session = self.client.session_id().await.expect("the browser is open").expect("it has a session");
        format!("{}/session/{session}", self.driver)
    }

    /// Closes the browser.
    ///
    /// # Panics
    /// When it does not close.
    pub async fn closes(self) {
        self.client.close().await.expect("the browser closes");
    }
}
