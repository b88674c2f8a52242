//! The reader's small enums in the plan's terms.

use mcpengine_openapi::{Location, Method, Style};

use crate::{ParamLocation, ParamStyle};

pub(crate) fn location(location: Location) -> ParamLocation {
    match location {
        Location::Path => ParamLocation::Path,
        Location::Query => ParamLocation::Query,
        Location::Header => ParamLocation::Header,
        Location::Cookie => ParamLocation::Cookie,
    }
}

pub(crate) fn style(style: Style) -> ParamStyle {
    match style {
        Style::Simple => ParamStyle::Simple,
        Style::Label => ParamStyle::Label,
        Style::Matrix => ParamStyle::Matrix,
        Style::Form => ParamStyle::Form,
        Style::SpaceDelimited => ParamStyle::SpaceDelimited,
        Style::PipeDelimited => ParamStyle::PipeDelimited,
        Style::TabDelimited => ParamStyle::TabDelimited,
        Style::DeepObject => ParamStyle::DeepObject,
    }
}

/// The method as it is sent.
pub(crate) fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Put => "PUT",
        Method::Post => "POST",
        Method::Delete => "DELETE",
        Method::Options => "OPTIONS",
        Method::Head => "HEAD",
        Method::Patch => "PATCH",
        Method::Trace => "TRACE",
        Method::Query => "QUERY",
    }
}
