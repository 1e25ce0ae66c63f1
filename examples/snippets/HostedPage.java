// Java: run without an argument it applies for a token, with a BizToken it asks how that one stands.
//
// Written against the public sources of com.tencentcloudapi:tencentcloud-sdk-java-intl-en (core of 3.0.788; models of faceid that have
// Config.SecurityLevel: take the newest). Our tests check the syntax of this file only, and only where a JDK is installed.

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.faceid.v20180301.FaceidClient;
import com.tencentcloudapi.faceid.v20180301.models.ApplyWebVerificationBizTokenIntlRequest;
import com.tencentcloudapi.faceid.v20180301.models.ApplyWebVerificationBizTokenIntlResponse;
import com.tencentcloudapi.faceid.v20180301.models.GetWebVerificationResultIntlRequest;
import com.tencentcloudapi.faceid.v20180301.models.GetWebVerificationResultIntlResponse;
import com.tencentcloudapi.faceid.v20180301.models.WebVerificationConfigIntl;
import java.net.URI;

public class HostedPage {
    public static void main(String[] arguments) {
        try {
            if (arguments.length == 0) {
                apply(client());
            } else {
                ask(client(), arguments[0]);
            }
        } catch (TencentCloudSDKException error) {
            System.err.println(error.getErrorCode() + ": " + error.getMessage() + " (RequestId " + error.getRequestId() + ")");
            System.exit(1);
        }
    }

    static FaceidClient client() {
        URI server = URI.create(System.getenv("KYC_URL")); // http://127.0.0.1:8080
        HttpProfile http = new HttpProfile();
        http.setProtocol(server.getScheme() + "://");
        http.setEndpoint(server.getAuthority());
        http.setConnTimeout(10);
        http.setReadTimeout(30);
        ClientProfile profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http);
        Credential credential = new Credential(System.getenv("TENCENTCLOUD_SECRET_ID"), System.getenv("TENCENTCLOUD_SECRET_KEY"));
        return new FaceidClient(credential, "ap-singapore", profile);
    }

    static void apply(FaceidClient client) throws TencentCloudSDKException {
        WebVerificationConfigIntl config = new WebVerificationConfigIntl();
        config.setCheckMode(3L);
        config.setSecurityLevel(4L);
        ApplyWebVerificationBizTokenIntlRequest request = new ApplyWebVerificationBizTokenIntlRequest();
        request.setRedirectURL("https://app.example/done");
        request.setConfig(config);
        ApplyWebVerificationBizTokenIntlResponse made = client.ApplyWebVerificationBizTokenIntl(request);
        System.out.println(made.getBizToken() + " " + made.getVerificationURL());
    }

    static void ask(FaceidClient client, String token) throws TencentCloudSDKException {
        GetWebVerificationResultIntlRequest request = new GetWebVerificationResultIntlRequest();
        request.setBizToken(token);
        GetWebVerificationResultIntlResponse result = client.GetWebVerificationResultIntl(request);
        System.out.println(result.getErrorCode() + " " + result.getErrorMsg());
    }
}
