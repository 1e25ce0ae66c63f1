import UIKit
import WebKit

/// openekyc's hosted page in a WKWebView. Calls `finished` when the page goes to RedirectURL.
///
/// That it was called proves nothing, and neither does the address: ask your own backend afterwards, which asks openekyc.
final class VerificationViewController: UIViewController {
    private let page: URL
    private let redirect: URL
    private let finished: () -> Void
    private lazy var web: WKWebView = makeWebView()

    /// Both addresses come from your own backend: VerificationURL, and the RedirectURL it asked for.
    init(verificationURL: URL, redirectURL: URL, finished: @escaping () -> Void) {
        precondition(verificationURL.scheme == "https", "a web view gives the camera to https pages only")
        page = verificationURL
        redirect = redirectURL
        self.finished = finished
        super.init(nibName: nil, bundle: nil)
    }

    @available(*, unavailable)
    required init?(coder: NSCoder) {
        fatalError("made in code")
    }

    override func loadView() {
        view = web
    }

    override func viewDidLoad() {
        super.viewDidLoad()
        web.load(URLRequest(url: page))
    }

    override func viewWillAppear(_ animated: Bool) {
        super.viewWillAppear(animated)
        UIApplication.shared.isIdleTimerDisabled = true
    }

    override func viewDidDisappear(_ animated: Bool) {
        super.viewDidDisappear(animated)
        UIApplication.shared.isIdleTimerDisabled = false
    }

    private func makeWebView() -> WKWebView {
        let configuration = WKWebViewConfiguration()
        configuration.allowsInlineMediaPlayback = true // otherwise the camera's picture takes the whole screen
        configuration.mediaTypesRequiringUserActionForPlayback = []
        configuration.preferences.javaScriptCanOpenWindowsAutomatically = false
        let web = WKWebView(frame: .zero, configuration: configuration)
        web.uiDelegate = self
        web.navigationDelegate = self
        web.allowsBackForwardNavigationGestures = false
        return web
    }
}

extension VerificationViewController: WKUIDelegate {
    /// The camera and nothing else, for your openekyc server and nobody else. The system asks the person once for the app.
    /// On iOS 14.3 to 14.8 this is not called, and the system asks every time.
    @available(iOS 15.0, *)
    func webView(
        _ webView: WKWebView,
        requestMediaCapturePermissionFor origin: WKSecurityOrigin,
        initiatedByFrame frame: WKFrameInfo,
        type: WKMediaCaptureType,
        decisionHandler: @escaping (WKPermissionDecision) -> Void
    ) {
        let ours = origin.protocol == page.scheme && origin.host == page.host && origin.port == (page.port ?? 0)
        decisionHandler(ours && frame.isMainFrame && type == .camera ? .grant : .deny)
    }
}

extension VerificationViewController: WKNavigationDelegate {
    func webView(
        _ webView: WKWebView,
        decidePolicyFor action: WKNavigationAction,
        decisionHandler: @escaping (WKNavigationActionPolicy) -> Void
    ) {
        guard let to = action.request.url else { return decisionHandler(.cancel) }
        if to.isSamePage(as: redirect) {
            decisionHandler(.cancel)
            finished()
        } else if to.isSameOrigin(as: page), action.targetFrame != nil {
            decisionHandler(.allow)
        } else {
            decisionHandler(.cancel)
            // Privacy terms and the like belong into a browser, not beside the camera.
            if action.navigationType == .linkActivated, to.scheme == "https" {
                UIApplication.shared.open(to)
            }
        }
    }

    func webViewWebContentProcessDidTerminate(_ webView: WKWebView) {
        webView.load(URLRequest(url: page)) // the token still stands: the page goes on where it was
    }
}

private extension URL {
    func isSameOrigin(as other: URL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    func isSamePage(as other: URL) -> Bool {
        isSameOrigin(as: other) && path == other.path
    }
}
