//! The device, browser and operating system in a `User-Agent`, and the programs that name themselves in it.

/// The parts of a `User-Agent` that are kept; the text itself is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agent {
    /// `desktop`, `mobile`, `tablet` or `other`.
    pub device: &'static str,
    /// The browser's name.
    pub browser: &'static str,
    /// The operating system's name.
    pub os: &'static str,
    /// True for a program that calls itself one.
    pub bot: bool,
}

/// Words of programs, in lower case. A word ends with a letter that keeps it from matching a browser: `cubot` is a phone.
const BOTS: &[&str] = &[
    "bot/",
    "bot;",
    "bot)",
    "-bot",
    "bot-",
    "_bot",
    "googlebot",
    "bingbot",
    "bingpreview",
    "yandexbot",
    "baiduspider",
    "duckduckbot",
    "slurp",
    "applebot",
    "facebookexternalhit",
    "facebot",
    "twitterbot",
    "linkedinbot",
    "pinterestbot",
    "slackbot",
    "telegrambot",
    "discordbot",
    "whatsapp/",
    "ahrefsbot",
    "semrushbot",
    "mj12bot",
    "dotbot",
    "petalbot",
    "gptbot",
    "chatgpt-user",
    "claudebot",
    "anthropic-ai",
    "perplexitybot",
    "ccbot",
    "bytespider",
    "amazonbot",
    "crawler",
    "spider",
    "scraper",
    "archiver",
    "headlesschrome",
    "phantomjs",
    "electron/",
    "puppeteer",
    "playwright",
    "selenium",
    "lighthouse",
    "pagespeed",
    "gtmetrix",
    "pingdom",
    "uptimerobot",
    "statuscake",
    "site24x7",
    "datadogsynthetics",
    "newrelicsynthetics",
    "curl/",
    "wget/",
    "python-requests",
    "python-urllib",
    "aiohttp/",
    "go-http-client",
    "okhttp/",
    "java/",
    "apache-httpclient",
    "axios/",
    "node-fetch",
    "undici",
    "libwww-perl",
    "ruby",
    "httpie",
    "postmanruntime",
    "feedfetcher",
    "monitor",
    "validator",
    "preview",
];

/// The browsers, each by a word that it has and those before it have not.
const BROWSERS: &[(&str, &str)] = &[
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("opera", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("ucbrowser", "UC Browser"),
    ("yabrowser", "Yandex"),
    ("vivaldi", "Vivaldi"),
    ("duckduckgo", "DuckDuckGo"),
    ("firefox/", "Firefox"),
    ("fxios/", "Firefox"),
    ("crios/", "Chrome"),
    ("chrome/", "Chrome"),
    ("chromium/", "Chrome"),
    ("safari/", "Safari"),
    ("trident/", "Internet Explorer"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("windows", "Windows"),
    ("iphone", "iOS"),
    ("ipad", "iOS"),
    ("android", "Android"),
    ("cros ", "ChromeOS"),
    ("macintosh", "macOS"),
    ("mac os x", "macOS"),
    ("linux", "Linux"),
];

impl Agent {
    /// Reads a `User-Agent`.
    pub fn read(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        let find = |list: &[(&str, &'static str)]| {
            let found = list.iter().find(|(word, _)| text.contains(word));
            found.map_or("Other", |(_, name)| *name)
        };
        let os = find(SYSTEMS);
        let tablet = text.contains("ipad")
            || text.contains("tablet")
            || (text.contains("android") && !text.contains("mobile"));
        let device = match os {
            _ if tablet => "tablet",
            "iOS" | "Android" => "mobile",
            _ if text.contains("mobile") => "mobile",
            "Other" => "other",
            _ => "desktop",
        };
        let bot =
            text.trim().is_empty() || text.ends_with("bot") || BOTS.iter().any(|word| text.contains(word));
        Self {
            device,
            browser: find(BROWSERS),
            os,
            bot,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Agent;

    // Long: a table.
    #[test]
    fn browsers_people_use_are_no_bots() {
        let corpus = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                "desktop",
                "Chrome",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
                "desktop",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
                "desktop",
                "Safari",
                "macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                "mobile",
                "Safari",
                "iOS",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1",
                "tablet",
                "Chrome",
                "iOS",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; CUBOT P80) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
                "mobile",
                "Chrome",
                "Android",
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Safari/537.36",
                "tablet",
                "Samsung Internet",
                "Android",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
                "desktop",
                "Firefox",
                "Linux",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                "desktop",
                "Chrome",
                "ChromeOS",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/116.0.0.0",
                "desktop",
                "Opera",
                "Windows",
            ),
        ];
        for (text, device, browser, os) in corpus {
            let agent = Agent {
                device,
                browser,
                os,
                bot: false,
            };
            assert_eq!(Agent::read(text), agent, "{text}");
        }
    }

    #[test]
    fn programs_that_name_themselves_are_bots() {
        for text in [
            "",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
            "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36",
            "curl/8.5.0",
            "python-requests/2.32.3",
            "Go-http-client/2.0",
            "SomeBot",
            "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        ] {
            assert!(Agent::read(text).bot, "{text}");
        }
    }
}
