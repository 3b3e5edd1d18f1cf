// Before CloudFront looks for an answer: the viewer's address, which no viewer can make up, for the rate limits behind; and
// the page for each path of the dashboard. A path with a dot is a file: one that is missing stays missing.
function handler(event) {
    var request = event.request;
    request.headers['x-viewer-ip'] = { value: event.viewer.ip };
    var path = request.uri;
    if (path !== '/e' && path.indexOf('/api/') !== 0 && path.lastIndexOf('.') < path.lastIndexOf('/')) {
        request.uri = '/index.html';
    }
    return request;
}
