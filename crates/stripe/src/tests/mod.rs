mod api;
mod event;
mod history;
mod life;
