// Go: `go run hosted_page.go` applies for a token, `go run hosted_page.go BIZTOKEN` asks how it stands.
//
// Written against the public sources of github.com/tencentcloud/tencentcloud-sdk-go-intl-en: the core of v3.0.859, and models of faceid that
// have Config.SecurityLevel; take the newest. Our tests check the syntax of this file only, and only where gofmt is installed.
package main

import (
	"fmt"
	"log"
	"net/url"
	"os"

	"github.com/tencentcloud/tencentcloud-sdk-go-intl-en/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go-intl-en/tencentcloud/common/profile"
	faceid "github.com/tencentcloud/tencentcloud-sdk-go-intl-en/tencentcloud/faceid/v20180301"
)

func main() {
	server, err := url.Parse(os.Getenv("KYC_URL")) // http://127.0.0.1:8080
	if err != nil {
		log.Fatal(err)
	}
	options := profile.NewClientProfile()
	options.HttpProfile.Scheme = server.Scheme
	options.HttpProfile.Endpoint = server.Host
	options.HttpProfile.ReqTimeout = 30
	credential := common.NewCredential(os.Getenv("TENCENTCLOUD_SECRET_ID"), os.Getenv("TENCENTCLOUD_SECRET_KEY"))
	client, err := faceid.NewClient(credential, "ap-singapore", options)
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) == 1 {
		apply(client)
	} else {
		ask(client, os.Args[1])
	}
}

func apply(client *faceid.Client) {
	request := faceid.NewApplyWebVerificationBizTokenIntlRequest()
	request.RedirectURL = common.StringPtr("https://app.example/done")
	request.Config = &faceid.WebVerificationConfigIntl{
		CheckMode:     common.Int64Ptr(3),
		SecurityLevel: common.Int64Ptr(4),
	}
	answer, err := client.ApplyWebVerificationBizTokenIntl(request)
	if err != nil {
		log.Fatal(err) // code, message and RequestId
	}
	fmt.Println(*answer.Response.BizToken, *answer.Response.VerificationURL)
}

func ask(client *faceid.Client, token string) {
	request := faceid.NewGetWebVerificationResultIntlRequest()
	request.BizToken = common.StringPtr(token)
	answer, err := client.GetWebVerificationResultIntl(request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*answer.Response.ErrorCode, *answer.Response.ErrorMsg)
}
