<?php
// PHP: `php hosted_page.php` applies for a token, `php hosted_page.php BIZTOKEN` asks how it stands.
//
// Written against the public sources of tencentcloud/tencentcloud-sdk-php-intl-en (core of 3.0.523; models of faceid that have
// Config.SecurityLevel: take the newest). Our tests check the syntax of this file only, and only where PHP is installed.
declare(strict_types=1);

require_once 'vendor/autoload.php';

use TencentCloud\Common\Credential;
use TencentCloud\Common\Exception\TencentCloudSDKException;
use TencentCloud\Common\Profile\ClientProfile;
use TencentCloud\Common\Profile\HttpProfile;
use TencentCloud\Faceid\V20180301\FaceidClient;
use TencentCloud\Faceid\V20180301\Models\ApplyWebVerificationBizTokenIntlRequest;
use TencentCloud\Faceid\V20180301\Models\GetWebVerificationResultIntlRequest;

[$scheme, $endpoint] = explode('://', rtrim(getenv('KYC_URL'), '/')); // http://127.0.0.1:8080
$http = new HttpProfile("$scheme://", $endpoint, 'POST', 30);
$profile = new ClientProfile();
$profile->setSignMethod('TC3-HMAC-SHA256');
$profile->setHttpProfile($http);
$credential = new Credential(getenv('TENCENTCLOUD_SECRET_ID'), getenv('TENCENTCLOUD_SECRET_KEY'));
$client = new FaceidClient($credential, 'ap-singapore', $profile);

try {
    if ($argc === 1) {
        $request = new ApplyWebVerificationBizTokenIntlRequest();
        $request->fromJsonString(json_encode([
            'RedirectURL' => 'https://app.example/done',
            'Config' => ['CheckMode' => 3, 'SecurityLevel' => 4],
        ]));
        $made = $client->ApplyWebVerificationBizTokenIntl($request);
        echo $made->getBizToken(), ' ', $made->getVerificationURL(), "\n";
    } else {
        $request = new GetWebVerificationResultIntlRequest();
        $request->fromJsonString(json_encode(['BizToken' => $argv[1]]));
        $result = $client->GetWebVerificationResultIntl($request);
        echo $result->getErrorCode(), ' ', $result->getErrorMsg(), "\n";
    }
} catch (TencentCloudSDKException $error) {
    fprintf(STDERR, "%s: %s (RequestId %s)\n", $error->getErrorCode(), $error->getMessage(), $error->getRequestId());
    exit(1);
}
