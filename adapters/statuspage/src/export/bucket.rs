//! A bucket of an object store that speaks S3. <https://docs.aws.amazon.com/AmazonS3/latest/API/>

use super::{Place, S3};
use crate::shelf::FRESH;
use async_trait::async_trait;
use axum::body::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use jiff::Timestamp as Moment;
use muster_core::clock::Timestamp;
use muster_core::ports::outside::Outside;
use rusty_s3::{Credentials, S3Action, UrlStyle};
use std::time::Duration;

/// How long a signature is good for: a request is sent at once, but clocks differ.
const GOOD_FOR: Duration = Duration::from_mins(15);

/// A bucket.
pub(super) struct Bucket<'a> {
    bucket: rusty_s3::Bucket,
    credentials: Credentials,
    prefix: &'a str,
    outside: &'a dyn Outside,
    now: Moment,
}

impl<'a> Bucket<'a> {
    /// The one of the config.
    pub(super) fn new(s3: &'a S3, outside: &'a dyn Outside, now: Timestamp) -> Result<Self, String> {
        let endpoint = s3.endpoint.parse().map_err(|error| format!("{} is no address: {error}", s3.endpoint))?;
        // Every store takes the name of the bucket in the path; not every one has a name for each bucket.
        let bucket = rusty_s3::Bucket::new(endpoint, UrlStyle::Path, s3.bucket.clone(), s3.region.clone());
        Ok(Self {
            bucket: bucket.map_err(|error| format!("{} is no address of a store: {error}", s3.endpoint))?,
            credentials: Credentials::new(s3.access_key.reveal(), s3.secret_key.reveal()),
            prefix: &s3.prefix,
            outside,
            now: Moment::from_microsecond(now.timestamp_micros()).map_err(|error| error.to_string())?,
        })
    }

    fn key(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    async fn send<'b>(
        &self,
        method: Method,
        mut action: impl S3Action<'b>,
        (headers, body): (&[(&'static str, &'b str)], Vec<u8>),
    ) -> Result<Response<Vec<u8>>, String> {
        let mut request = Request::builder().method(method);
        for (name, value) in headers {
            action.headers_mut().insert(*name, *value);
            request = request.header(*name, *value);
        }
        let url = action.sign_with_time(GOOD_FOR, &self.now);
        let request = request.uri(url.as_str()).body(body).map_err(|error| error.to_string())?;
        self.outside.send(request).await.map_err(|error| error.to_string())
    }
}

/// What an answer that is none of success says: the status, and the store's own word for it.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
fn refused(path: &str, answer: &Response<Vec<u8>>) -> String {
    let body = String::from_utf8_lossy(answer.body());
    let code = body.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map_or("", |(code, _)| code);
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(60).collect();
    let advice = match answer.status() {
        StatusCode::FORBIDDEN => ": may this key get, put and delete objects there?",
        StatusCode::NOT_FOUND => ": is there such a bucket?",
        StatusCode::MOVED_PERMANENTLY | StatusCode::TEMPORARY_REDIRECT => {
            ": is it the endpoint of the bucket's region?"
        }
        _ => "",
    };
    format!("{path} was answered with {} {code}{advice}", answer.status().as_u16())
}

#[async_trait]
impl Place for Bucket<'_> {
    async fn begin(&self) -> Result<(), String> {
        Ok(())
    }

    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let key = self.key(path);
        let get = self.bucket.get_object(Some(&self.credentials), &key);
        let answer = self.send(Method::GET, get, (&[], Vec::new())).await?;
        match answer.status() {
            StatusCode::OK => Ok(Some(answer.into_body())),
            // Who may not list a bucket is not told that something is not there: what may not be put there either is refused next.
            // <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => Ok(None),
            _ => Err(refused(path, &answer)),
        }
    }

    async fn write(&self, path: &str, media_type: &str, bytes: &Bytes) -> Result<(), String> {
        let key = self.key(path);
        let put = self.bucket.put_object(Some(&self.credentials), &key);
        let headers = [(header::CACHE_CONTROL.as_str(), FRESH), (header::CONTENT_TYPE.as_str(), media_type)];
        let answer = self.send(Method::PUT, put, (&headers, bytes.to_vec())).await?;
        if answer.status().is_success() { Ok(()) } else { Err(refused(path, &answer)) }
    }

    async fn remove(&self, path: &str) -> Result<(), String> {
        let key = self.key(path);
        let delete = self.bucket.delete_object(Some(&self.credentials), &key);
        let answer = self.send(Method::DELETE, delete, (&[], Vec::new())).await?;
        let gone = answer.status().is_success() || answer.status() == StatusCode::NOT_FOUND;
        if gone { Ok(()) } else { Err(refused(path, &answer)) }
    }
}
