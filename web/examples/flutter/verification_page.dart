import 'package:flutter/material.dart';
import 'package:flutter_inappwebview/flutter_inappwebview.dart';
import 'package:permission_handler/permission_handler.dart';
import 'package:url_launcher/url_launcher.dart';

/// openekyc's hosted page in a WebView. Pops when the page goes to RedirectURL.
///
/// That it popped proves nothing, and neither does the address: ask your own backend afterwards, which asks openekyc.
class VerificationPage extends StatefulWidget {
  /// Both addresses come from your own backend: VerificationURL, and the RedirectURL it asked for.
  const VerificationPage({super.key, required this.verificationUrl, required this.redirectUrl});

  final Uri verificationUrl;
  final Uri redirectUrl;

  @override
  State<VerificationPage> createState() => _VerificationPageState();
}

class _VerificationPageState extends State<VerificationPage> {
  /// Android asks the app; iOS asks by itself as soon as the page wants the camera.
  late final Future<PermissionStatus> _camera = Permission.camera.request();

  @override
  Widget build(BuildContext context) {
    assert(widget.verificationUrl.scheme == 'https', 'a WebView gives the camera to https pages only');
    return Scaffold(
      body: SafeArea(
        child: FutureBuilder<PermissionStatus>(
          future: _camera,
          // Refused or not: the page tells the person what to do without a camera.
          builder: (context, answered) => answered.hasData ? _web() : const Center(child: CircularProgressIndicator()),
        ),
      ),
    );
  }

  Widget _web() => InAppWebView(
        initialUrlRequest: URLRequest(url: WebUri.uri(widget.verificationUrl)),
        initialSettings: InAppWebViewSettings(
          mediaPlaybackRequiresUserGesture: false, // the camera's picture is a video that plays by itself
          allowsInlineMediaPlayback: true,
          allowFileAccess: false,
          allowFileAccessFromFileURLs: false,
          allowUniversalAccessFromFileURLs: false,
          mixedContentMode: MixedContentMode.MIXED_CONTENT_NEVER_ALLOW,
          geolocationEnabled: false,
          supportMultipleWindows: false,
          javaScriptCanOpenWindowsAutomatically: false,
          useShouldOverrideUrlLoading: true,
        ),
        onPermissionRequest: _permission,
        shouldOverrideUrlLoading: _navigation,
      );

  /// The camera and nothing else, for your openekyc server and nobody else.
  Future<PermissionResponse?> _permission(InAppWebViewController controller, PermissionRequest request) async {
    final ours = _sameOrigin(request.origin, widget.verificationUrl);
    final wanted = request.resources.contains(PermissionResourceType.CAMERA);
    return PermissionResponse(
      resources: ours && wanted ? [PermissionResourceType.CAMERA] : [],
      action: ours && wanted ? PermissionResponseAction.GRANT : PermissionResponseAction.DENY,
    );
  }

  Future<NavigationActionPolicy?> _navigation(InAppWebViewController controller, NavigationAction action) async {
    final to = action.request.url;
    if (to == null) return NavigationActionPolicy.CANCEL;
    if (_sameOrigin(to, widget.redirectUrl) && to.path == widget.redirectUrl.path) {
      if (mounted) Navigator.of(context).pop();
      return NavigationActionPolicy.CANCEL;
    }
    if (_sameOrigin(to, widget.verificationUrl)) return NavigationActionPolicy.ALLOW;
    // Privacy terms and the like belong into a browser, not beside the camera.
    if (to.scheme == 'https' && (action.hasGesture ?? action.navigationType == NavigationType.LINK_ACTIVATED)) {
      await launchUrl(to, mode: LaunchMode.externalApplication);
    }
    return NavigationActionPolicy.CANCEL;
  }

  static bool _sameOrigin(Uri one, Uri other) => one.scheme == other.scheme && one.host == other.host && one.port == other.port;
}
