import { useEffect, useState } from "react";
import { ActivityIndicator, Linking, PermissionsAndroid, Platform } from "react-native";
import { WebView } from "react-native-webview";

interface Wanted {
  /** Both addresses come from your own backend: VerificationURL, and the RedirectURL it asked for. */
  verificationUrl: string;
  redirectUrl: string;
  /** The page is through. That proves nothing, and neither does the address: ask your own backend now, which asks openekyc. */
  onDone: () => void;
}

/** Scheme, host and port of an https address, or "" where they are not plain. React Native's own URL does not take addresses apart. */
const originOf = (address: string): string => /^https:\/\/[^/?#@\\]+(?=[/?#]|$)/i.exec(address)?.[0].toLowerCase() ?? "";
const pageOf = (address: string): string => address.replace(/[?#].*$/s, "");

/** openekyc's hosted page in a WebView. */
export function VerificationScreen({ verificationUrl, redirectUrl, onDone }: Wanted) {
  const [asked, setAsked] = useState(Platform.OS !== "android");
  const origin = originOf(verificationUrl);

  useEffect(() => {
    // Refused or not: the page tells the person what to do without a camera. iOS asks by itself.
    if (Platform.OS === "android") void PermissionsAndroid.request("android.permission.CAMERA").finally(() => setAsked(true));
  }, []);

  function mayLoad(to: string): boolean {
    if (pageOf(to) === pageOf(redirectUrl)) {
      onDone();
      return false;
    }
    if (origin !== "" && originOf(to) === origin) return true;
    // Privacy terms and the like belong into a browser, not beside the camera.
    if (originOf(to)) void Linking.openURL(to);
    return false;
  }

  if (!asked) return <ActivityIndicator />;
  return (
    <WebView
      source={{ uri: verificationUrl }}
      originWhitelist={["https://*"]} // what may load is decided in mayLoad; anything else would be opened by the system
      onShouldStartLoadWithRequest={(request) => mayLoad(request.url)}
      mediaCapturePermissionGrantType="grantIfSameHostElseDeny" // iOS 15 and newer
      mediaPlaybackRequiresUserAction={false} // the camera's picture is a video that plays by itself
      allowsInlineMediaPlayback
      domStorageEnabled
      allowFileAccess={false}
      allowFileAccessFromFileURLs={false}
      allowUniversalAccessFromFileURLs={false}
      mixedContentMode="never"
      geolocationEnabled={false}
      setSupportMultipleWindows={false}
      javaScriptCanOpenWindowsAutomatically={false}
    />
  );
}
